/** Two photos, one percentage. */
import { compare } from "./backend.js";
import { $, button, div, h, once, picture, say, title } from "./dom.js";
import { comparedFaces } from "./faces.js";
import { faceIn } from "./frame.js";
import { alike, samePerson, t, texts } from "./i18n.js";
import { pick, take } from "./intake.js";
import { prepare } from "./photo.js";
import { frame, ring } from "./portraits.js";
import { failure } from "./problem.js";
import { go, now, tell } from "./state.js";

/** Puts dropped or pasted photos into the frames, the empty one first. @param {Blob[]} files */
export const receive = (files) => fill(empty, files);

/** With these two, or with room for one of them. @param {(Photo | undefined)[]} photos */
export function begin(photos) {
  go("compare", { photos, faces: [0, 0] });
  return again();
}

/** The frame without a photo; the first, where both or none have one. @param {Comparing} data */
const empty = ({ photos: [a, b] = [] }) => (a && !b ? 1 : 0);

/** The photos being read, in the order they came. */
let reading = Promise.resolve();

/** One after the other: a photo still being read takes its frame before the next looks for one. @param {(data: Comparing) => number} frame @param {Blob[]} files */
function fill(frame, files) {
  const here = now();
  return (reading = reading.then(() => read(here, frame(here.data), files)));
}

/** @param {State} here @param {number} first frame @param {Blob[]} files */
async function read(here, first, files) {
  here.data.run?.abort();
  tell(here, { result: null, problem: null, tooMany: files.length > 2 });
  const [photos, faces] = [
    [...(here.data.photos ?? [])],
    [...(here.data.faces ?? [0, 0])],
  ];
  try {
    for (const [index, file] of files.slice(0, 2).entries()) {
      const at = (first + index) % 2;
      [photos[at], faces[at]] = [await prepare(file), 0];
    }
    tell(here, { photos, faces });
    again(here);
  } catch (problem) {
    tell(here, { problem });
  }
}

/** As soon as there are two photos. */
function again(here = now()) {
  const { photos: [a, b] = [] } = here.data;
  return a && b
    ? running(here, (run) => ask(here, run))
    : tell(here, { problem: null });
}

/** Another of a photo's faces; the answer before is shown until this one comes. @param {number} index of the photo @param {number} face */
function choose(index, face) {
  const here = now();
  return running(here, (run) =>
    ask(here, run, Object.assign([...here.data.faces], { [index]: face })),
  );
}

/** One thing at a time: what ran before is stopped. @param {State} here @param {(run: AbortController) => Promise<void>} work */
async function running(here, work) {
  here.data.run?.abort();
  const run = new AbortController();
  tell(here, { run, problem: null });
  try {
    await work(run);
  } catch (problem) {
    if (!run.signal.aborted) tell(here, { problem, result: null });
  }
  if (here.data.run === run) tell(here, { step: null });
}

/** A choice counts once it is answered: a cancelled one is none. @param {State} here @param {AbortController} run @param {number[]} [faces] of each photo */
async function ask(here, { signal }, faces = here.data.faces) {
  say(t("compare.think"));
  const onProgress = (
    /** @type {Word} */ word,
    /** @type {number} */ fraction,
  ) => tell(here, { step: { word, fraction } });
  onProgress("think", 1);
  const result = await compare(here.data.photos, faces, { signal, onProgress });
  tell(here, { result, faces });
  say(alike(result.percent));
}

/** @param {Comparing} data */
export function draw({ photos = [], result, problem, step, run, tooMany }) {
  const faces = [
    view(0, photos[0], result?.a, "first"),
    view(1, photos[1], result?.b, "second"),
  ];
  const pair = div(
    step ? "pair busy" : "pair",
    ...faces.map(({ touch }) => touch),
    result && !step && ring(result.percent),
  );
  const heading = step
    ? "compare.think"
    : result
      ? samePerson(result)
      : "compare";
  $("compare").replaceChildren(
    div(
      "wall best",
      div(
        "duo best-of",
        title(t(heading)),
        pair,
        result && comparedFaces(photos, [result.a, result.b], choose),
        step ? waiting(step, run) : ways(photos, faces, result, problem),
      ),
    ),
    div(
      "sheet",
      tooMany &&
        h(
          "p",
          { className: "notes", role: "alert" },
          t("too-many", { count: 2 }),
        ),
      ...(problem ? failure(problem, () => again()) : advice(result)),
    ),
  );
}

/** @param {{word: Word, fraction: number}} step @param {AbortController} [run] */
const waiting = ({ word, fraction }, run) =>
  div(
    "waiting",
    h("progress", {
      ariaLabel: t("compare.think"),
      ...(word === "send" ? { value: fraction } : {}),
    }),
    div(
      "taps",
      button("", t("cancel"), () => run?.abort()),
    ),
  );

/** @param {(Photo | undefined)[]} photos @param {{canvas?: Canvas}[]} faces @param {Comparison | null} [result] @param {unknown} [problem] */
function ways([a, b], [left, right], result, problem) {
  const camera = button("camera", t("camera"), async () =>
    given((data) => (data.photos?.[0] ? 1 : 0), await take()),
  );
  if (!result)
    return div(
      "taps",
      camera,
      a && b && !problem && button("again", t("retry"), () => again(), "main"),
    );
  const pass = async () =>
    (await import("./share.js")).shareComparison(
      left?.canvas,
      right?.canvas,
      result,
    );
  return div("taps", button("share", t("share"), pass, "main"), camera);
}

/** A frame that takes a photo. @param {0 | 1} index @param {Photo | undefined} photo @param {Side | undefined} side @param {'first' | 'second'} word */
function view(index, photo, side, word) {
  const canvas =
    photo && (side ? faceIn(photo.canvas, side, 600).canvas : photo.canvas);
  const onclick = once(async () => given(() => index, await pick("file")));
  const touch = h(
    "button",
    {
      className: "plain",
      onclick,
      ariaLabel: t(photo ? `${word}.other` : `${word}.pick`),
    },
    frame(canvas ? picture(canvas, t(word)) : "+"),
  );
  return { touch, canvas };
}

/** @param {(data: Comparing) => number} frame @param {Blob[]} files none when the visitor thought better of it */
const given = (frame, files) => files[0] && fill(frame, files);

/** @param {Comparison | null | undefined} result */
function advice(result) {
  if (!result)
    return [
      h(
        "p",
        { className: "soft" },
        t(/** @type {Word} */ ($("privacy").dataset.t)),
      ),
    ];
  const lines = texts([
    ...new Set([...result.a.warnings, ...result.b.warnings]),
  ]);
  return lines[0]
    ? [
        h(
          "ul",
          { className: "notes" },
          ...lines.map((line) => h("li", {}, line)),
        ),
      ]
    : [];
}
