/** From two photos to one percentage: read each, ask as soon as there are two, ask again for other faces. */
import { compare } from './backend.js';
import { $, say, showProgress } from './dom.js';
import { alike, t } from './i18n.js';
import { prepare } from './photo.js';
import { go, now, tell, unlessLeft } from './state.js';

/** Puts dropped or pasted photos into the frames, the empty one first. @param {Blob[]} files */
export const receive = (files) => fill(empty, files);

/** With these two, or with room for one of them. @param {(Photo | undefined)[]} photos */
export function begin(photos) {
	go('compare', { photos, faces: [0, 0] });
	return again();
}

/** What the visitor chooses, unless they think better of it. @param {(data: Comparing) => number} frame @param {() => Files} way */
export async function give(frame, way) {
	const here = now();
	try {
		const files = await unlessLeft(way());
		if (files?.[0]) fill(frame, files);
	} catch (problem) {
		tell(here, { problem });
	}
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
	tell(here, { result: null, problem: null, reading: true, tooMany: files.length > 2 });
	const [photos, faces] = [[...(here.data.photos ?? [])], [...(here.data.faces ?? [0, 0])]];
	let problem = null;
	for (const [index, file] of files.slice(0, 2).entries()) {
		const at = (first + index) % 2;
		try {
			[photos[at], faces[at]] = [await prepare(file), 0];
		} catch (why) {
			problem = why; // the other one of two may be read all the same
		}
	}
	tell(here, { photos, faces, problem, reading: false });
	if (!problem) again(here);
}

/** As soon as there are two photos. */
export function again(here = now()) {
	const { photos: [a, b] = [] } = here.data;
	return a && b ? running(here, (run) => ask(here, run)) : tell(here, { problem: null });
}

/** Another of a photo's faces; the answer before is shown until this one comes. @param {number} index of the photo @param {number} face */
export function choose(index, face) {
	const here = now();
	const faces = Object.assign([...(here.data.asked ?? here.data.faces)], { [index]: face });
	return running(here, (run) => ask(here, run, faces));
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
	if (here.data.run === run) tell(here, { step: null, asked: null });
}

/** A choice counts once it is answered: a cancelled one is none. @param {State} here @param {AbortController} run @param {number[]} [faces] of each photo */
async function ask(here, { signal }, faces = here.data.faces) {
	say(t('compare.think'));
	tell(here, { asked: faces, step: { word: 'think', fraction: 1 } });
	const onProgress = (/** @type {Word} */ word, /** @type {number} */ fraction) => {
		here.data.step = { word, fraction };
		showProgress($('compare').querySelector('progress'), word, fraction); // a page drawn anew would take the button from under a finger
	};
	const result = await compare(here.data.photos, faces, { signal, onProgress });
	tell(here, { result, faces });
	say(alike(result.percent));
}
