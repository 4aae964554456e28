/** What travels through the page's modules (frontend/js); for the type check only, never served. */

/** Left, top, right, bottom, in pixels of the photo as it was sent. */
type Box = [number, number, number, number];

/** A photo made ready: what is sent, and the same pixels for showing. */
type Photo = { blob: Blob; canvas: Canvas };
type Canvas = HTMLCanvasElement;

type Word = keyof typeof import("./frontend/js/words/en.js").default;

/** Department and portrait are empty where the gallery has none. */
type Person = { id: string; name: string; department: string; portrait: string };

type Match = {
  rank: number;
  person: Person;
  similarity: number;
  /** 0 … 100 */
  percent: number;
  /** Percent of all pairs of different people in the gallery that are less alike. */
  closer_than: number;
  /** Percent of the gallery's people whose nearest other person is less alike to them. */
  closer_than_nearest: number;
  /** From here on a likeness means something in this gallery. */
  strong: boolean;
};

type Explanation = { rows: number; columns: number; weights: number[][] };

type Face = {
  box: Box;
  warnings: string[];
  verdict: "strong" | "clear" | "close" | "none";
  matches: Match[];
  /** Data URI of the face as the network saw it. */
  crop?: string;
  mirror?: { stable: boolean; person: Person };
  explanation?: Explanation;
};

/** POST /api/lookalikes */
type Answer = {
  photo: { width: number; height: number; remarks: string[] };
  faces: Face[];
  photos?: { faces: number; winner: Person | null; group: number | null }[];
  left_out: number;
  smaller_possible: boolean;
  different_people: boolean;
  /** Computed on this device; the photo was not sent. */
  onDevice?: true;
};

/** In config.json: what this device may answer by itself, where the operator offers it. */
type DeviceOffer = { mode: "embed" | "all"; index: string; megabytes: number; alone?: true };
type Ask = (task: string, ...values: unknown[]) => Promise<any>;

/** POST /api/compare */
type Comparison = { percent: number; same_person: boolean; a: Side; b: Side };
type Side = { box: Box; warnings: string[] };

/** GET /api/people */
type Gallery = {
  gallery: { model: string; people: number };
  people: (Person & { metadata: Record<string, string> })[];
};

/** What is asked of the API, or of the device itself. */
type Asking = { include: ("crop" | "mirror" | "explanation")[]; minFaceSize?: number };

/** Progress comes as a word for what is being done and, where it is known, how much of it is done. */
type Sending = { signal?: AbortSignal; onProgress?: (word: Word, fraction: number) => void };

type Files = Promise<Blob[]>;

/** What went wrong: the API's slug or one of the page's own, and the server's words to fall back on. */
type Trouble = { slug: string; hint?: string; detail?: string };

type StateName = "home" | "thinking" | "failure" | "answer" | "compare" | "people";

/** One place the visitor has been to; `data` is what its page is drawn from. */
type State = { id: string; name: StateName; data: any; scroll: number };

type Page = {
  title: Word;
  draw: (data: any, arriving: boolean) => unknown;
  /** What runs is stopped. */
  leave?: (data: any) => void;
  /** Not come back to. */
  passing?: boolean;
  /** The data after a reload; a page without it needs none. */
  restore?: (id: string) => Promise<any> | null;
};

/** The state of an answer: which of its faces is looked at, why it was given, and what happened since. */
type Shown = {
  answer: Answer;
  photos: Photo[];
  chosen: number;
  reasons?: Record<number, Reason>;
  trouble?: unknown;
  restored?: boolean;
  /** A new photo was asked for: not kept any longer. */
  forgotten?: boolean;
};
type Reason = { explanation?: Explanation; error?: unknown };
type Tell = (news: Partial<Shown>) => void;

/** The state of a comparison. */
type Comparing = { photos?: Photo[]; run?: AbortController; result?: Comparison | null; problem?: unknown };

type Do = () => void;
type Choose = (index: number) => void;
type Child = Node | string | false | null | undefined;
