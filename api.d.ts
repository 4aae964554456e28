/** What the API answers. Written by python -m infra.page_contract. */

export type Answers = {
  lookalikes?: Lookalikes;
  compare?: Comparison;
  people?: People;
  problem?: Problem;
  [k: string]: unknown;
}
export type Lookalikes = {
  model: string;
  photo: Photo;
  /**
   * the 100 largest, largest first
   *
   * @minItems 1
   */
  faces: [Face, ...Face[]];
  /**
   * when several photos were sent
   */
  photos?: PhotoSummary[];
  /**
   * faces of less than min_probability
   */
  left_out: number;
  /**
   * faces that are not answered, as 100 in their photo are larger
   */
  beyond_limit: number;
  /**
   * smaller faces may be there: ask with min_face_size
   */
  smaller_possible: boolean;
  /**
   * whether the photos seem to show more than one person
   */
  different_people: boolean;
  timings_ms: Timings;
  request_id: string;
}
export type Photo = {
  width: number;
  height: number;
  /**
   * what the file lacked
   */
  remarks: string[];
}
export type Face = {
  /**
   * left, top, right, bottom
   *
   * @minItems 4
   * @maxItems 4
   */
  box: [number, number, number, number];
  probability: number;
  /**
   * @minItems 5
   * @maxItems 5
   */
  landmarks: [[number, number], [number, number], [number, number], [number, number], [number, number]];
  warnings: string[];
  /**
   * strong: a real likeness; clear: a clear winner, though not a strong likeness; close: the first two are less than a point apart, which saving the photo anew may turn round; none: nobody is alike, no more than two strangers are on average
   */
  verdict: "strong" | "clear" | "close" | "none";
  matches: Match[];
  /**
   * the face as the network saw it, a JPEG data URI
   */
  crop?: string;
  embedding?: number[];
  mirror?: Mirror;
  explanation?: Explanation;
}
export type Match = {
  rank: number;
  person: Person;
  similarity: number;
  /**
   * ((1 + similarity) / 2) · 100; saving the same photo anew as a JPEG moves it by half a point at the median, by 2.6 at most: digits after the point mean nothing
   */
  percent: number;
  /**
   * of all pairs of different people in this gallery, rounded down; the best of many always is
   */
  closer_than: number;
  /**
   * of its people, whose nearest other person is less alike to them than this; rounded down
   */
  closer_than_nearest: number;
  /**
   * whether the network takes both for one person, or the likeness stands out from how alike the face is to everybody here, farther than nineteen of twenty people here stand out with their nearest other
   */
  strong: boolean;
}
export type Person = {
  id: string;
  name: string;
  department: string;
  /**
   * file under /api/portraits/; empty where there is none
   */
  portrait: string;
}
export type Mirror = {
  /**
   * whether the mirrored face finds the same person first
   */
  stable: boolean;
  person: Person;
  similarity: number;
}
/**
 * for the 3 largest faces only
 */
export type Explanation = {
  rows: number;
  columns: number;
  /**
   * −1…1 by region of the crop; 1 carries the likeness most
   */
  weights: number[][];
}
export type PhotoSummary = {
  width: number;
  height: number;
  faces: number;
  winner: Person | null;
  /**
   * 0 for the person answered for, null without a face
   */
  group: number | null;
}
export type Timings = {
  decode: number;
  detect: number;
  embed: number;
  search: number;
  total: number;
}
export type Comparison = {
  model: string;
  similarity: number;
  percent: number;
  /**
   * by the network's own rule, null where none is known; not a proof of identity
   */
  same_person: boolean | null;
  a: ComparedFace;
  b: ComparedFace;
  timings_ms: Timings;
  request_id: string;
}
export type ComparedFace = {
  width: number;
  height: number;
  /**
   * left, top, right, bottom
   *
   * @minItems 4
   * @maxItems 4
   */
  box: [number, number, number, number];
  probability: number;
  /**
   * @minItems 5
   * @maxItems 5
   */
  landmarks: [[number, number], [number, number], [number, number], [number, number], [number, number]];
  warnings: string[];
  /**
   * which of the faces was compared
   */
  chosen: number;
  /**
   * the 100 largest of this photo, largest first
   *
   * @minItems 1
   * @maxItems 100
   */
  faces: [FaceBase, ...FaceBase[]];
}
export type FaceBase = {
  /**
   * left, top, right, bottom
   *
   * @minItems 4
   * @maxItems 4
   */
  box: [number, number, number, number];
  probability: number;
  /**
   * @minItems 5
   * @maxItems 5
   */
  landmarks: [[number, number], [number, number], [number, number], [number, number], [number, number]];
  warnings: string[];
}
export type People = {
  gallery: GallerySummary;
  people: GalleryPerson[];
}
export type GallerySummary = {
  model: string;
  fingerprint: string;
  people: number;
  photos: number;
  /**
   * from here on a likeness is strong, whoever else is here; null where no such rule is known
   */
  threshold: number | null;
  /**
   * the median of all pairs of different people
   */
  median_pair: number | null;
  /**
   * the median of each person's nearest other
   */
  median_nearest: number | null;
}
export type GalleryPerson = {
  id: string;
  name: string;
  department: string;
  /**
   * file under /api/portraits/; empty where there is none
   */
  portrait: string;
  photos: number;
  metadata: Metadata;
}
export type Metadata = {
  [k: string]: string;
}
/**
 * RFC 9457.
 */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  request_id: string;
  hint?: string;
}
