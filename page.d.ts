/** What travels through the page's modules (frontend/js); for the type check only, never served. */

/** A photo made ready: what is sent, and the same pixels for showing. */
type Photo = { blob: Blob; canvas: Canvas; /** The browser cannot open it. */ unseen?: boolean; /** The file, where it holds more pixels. */ finer?: Blob };
type Canvas = HTMLCanvasElement;
/** The eyes, the tip of the nose, the corners of the mouth. */
type Landmarks = [Spot, Spot, Spot, Spot, Spot];
type Spot = [number, number];

type Word = keyof typeof import("./frontend/js/words/en.js").default;

/** What the API answers (api.d.ts), but for what only it can know. */
type Person = import("./api").Person;
type Match = import("./api").Match;
type Explanation = import("./api").Explanation;
type Face = import("./api").Face;
type Box = Face["box"];
type Answer = Omit<import("./api").Lookalikes, "model" | "timings_ms" | "request_id"> & {
  /** Computed on this device; the photo was not sent. */
  onDevice?: true;
};
type Comparison = Omit<import("./api").Comparison, "model" | "timings_ms" | "request_id">;
type Side = import("./api").ComparedFace;
type Gallery = import("./api").People;

/** In config.json: what this device may answer by itself, where the operator offers it. */
type DeviceOffer = { mode: "embed" | "all"; index: string; megabytes: number; alone?: true };
/** Whom a live mirror shows. */
type Likely = { person: Person; similarity: number };
type Ask = (task: string, ...values: unknown[]) => Promise<any>;

/** What is asked of the API, or of the device itself. */
type Asking = {
  include: ("crop" | "mirror" | "explanation")[];
  /** Faces down to this many pixels of the photo as sent. */
  minFaceSize?: number;
  /** 0 … 1; faces that are less sure are left out. */
  minProbability?: number;
};

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
  asked?: Partial<Asking>;
  reasons?: Record<number, Reason>;
  /** More photos came than may be sent together. */
  tooMany?: boolean;
  /** It has been shown with all its ceremony. */
  revealed?: boolean;
  trouble?: unknown;
  restored?: boolean;
  /** A new photo was asked for: not kept any longer. */
  forgotten?: boolean;
};
type Reason = { explanation?: Explanation; error?: unknown };
type Tell = (news: Partial<Shown>) => void;

/** The state of a comparison. */
type Comparing = {
  photos?: (Photo | undefined)[];
  /** Which face of each photo is compared; 0 is the largest. */
  faces?: number[];
  run?: AbortController;
  /** What is being done, while something is. */
  step?: { word: Word; fraction: number } | null;
  /** The faces that are asked for meanwhile. */
  asked?: number[] | null;
  /** A photo is being made ready. */
  reading?: boolean;
  result?: Comparison | null;
  problem?: unknown;
  tooMany?: boolean;
};

/** What a picture card shows: two faces, the second a canvas or a portrait's address. */
type Card = {
  title: string;
  you: Canvas;
  other: Canvas | string;
  zoom: number;
  percent: number;
  name: string;
  line: string;
  next: string[];
};

type Do = () => void;
type Choose = (index: number) => void;
type Child = Node | string | false | 0 | null | undefined;
