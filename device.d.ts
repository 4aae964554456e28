/** What travels through the modules that answer on the device (frontend/js/device); for the type check only. */

type Point = number[];
type Numbers = number[] | Float32Array;
type Bytes = Uint8Array | Uint8ClampedArray;
type Size = { width: number; height: number };

/** Red, green, blue and one more byte, which may be anything. */
type Picture = Size & { data: Uint8ClampedArray<ArrayBuffer> };

type Candidate = { box: Box; score: number };
type FaceFound = import("./frontend/js/device/face.js").Face;
type Detecting = import("./frontend/js/device/detector.js").Detector;
type Embedding = import("./frontend/js/device/embedder.js").Embedder;
type Finding = import("./frontend/js/device/finder.js").Finder;
type Fetching = import("./frontend/js/device/files.js").Files;
type Table = import("./frontend/js/device/pixels.js").IntegralImage;
type Attempt = { turns: number; smallest: number; faces: FaceFound[] };
type Detection = { probes: Probe[]; left_out: number; beyond_limit: number; smaller_possible: boolean };
type Probe = { face: FaceFound; chip: Uint8Array; warnings: string[] };

/** A network by its name: what it finds in a tensor of these dimensions. */
type Run = (
  network: string,
  data: Float32Array,
  dims: number[],
) => Promise<{ data: Float32Array; dims: readonly number[] }>;

type DeviceFile = { url: string; sha256: string; bytes: number };
type Golden = { dims: number[]; step: number; mean: number; scale: number; tolerance: number; found: number[] };

/** The one file that names all others; infra/on_device.py writes it. */
type DeviceIndex = {
  runtime: { script: DeviceFile; wasm: DeviceFile };
  networks: Record<string, DeviceFile>;
  golden: Record<string, Golden>;
  manifest: EmbedderEntry;
  constants: Constants;
  gallery?: { people: DeviceFile; rows: DeviceFile };
};

type EmbedderEntry = {
  model: string;
  cut: "box" | "aligned";
  size: number;
  /** Around a box, in pixels of the face that is cut. */
  margin: number;
  /** Where the landmarks lie in an aligned face, pixel centres at +0.5. */
  template: Point[];
  colour: "rgb" | "bgr";
  mean: number[];
  scale: number;
  width: number;
  unit_length: boolean;
  radius: number;
  same_person: number | null;
  fingerprint: string;
};

type DetectorRules = {
  cell: number;
  stride: number;
  strip_pixels: number;
  rnet_batch: number;
  onet_batch: number;
  most_candidates: number;
  most_proposed: number;
  most_refined: number;
  most_probable: number;
  mirror_weight: number;
  mirrored: number[];
  sure: number;
  thresholds: number[];
  factor: number;
};
type TurningRules = { smallest_faces: number[]; least_face: number; certain: number; nearly: number };
type QualityRules = { min_side: number; dark: number; bright: number; sharpness: number; turned: number };
type EmbedderRules = { batch: number };
type ExplainRules = { grid: number; patch: number; most: number };
type Constants = {
  detector: DetectorRules;
  turning: TurningRules;
  quality: QualityRules;
  embedder: EmbedderRules;
  explain: ExplainRules;
  most_faces: number;
  most_matches: number;
  close: number;
};

type DevicePerson = { id: string; name: string; department: string; photos: string[] };
type DeviceGallery = {
  people: DevicePerson[];
  /** Quantiles of the similarities of all pairs, and of each person to the nearest other. */
  scale: {
    quantiles: number[];
    nearest: number[];
    same_person: number | null;
    stands_out: number | null;
    /** Of how many people, and over how many deviations, a probe's similarities are looked at. */
    cohort: number;
    tenth_to_ninetieth: number;
  };
};
type Verdict = Face["verdict"];
type DeviceMatch = Match & { embedding?: Float32Array };
type Similarity = (first: Float32Array, second: Float32Array, spread?: number) => number;
/** An embedding, and the spread of those that it is the mean of. */
type Sought = { embedding: Float32Array; spread: number };
type Search = (sought: Sought[], k: number) => Promise<{ verdict: Verdict; matches: DeviceMatch[] }[]>;

type Wishes = { k: number; include: string[]; smallest?: number };
type DeviceFace = {
  box: Box;
  probability: number;
  landmarks: Point[];
  warnings: string[];
  verdict: Verdict;
  matches: DeviceMatch[];
  crop: Uint8Array;
  mirror?: { stable: boolean; person: Person; similarity: number };
  explanation?: Explanation;
};
