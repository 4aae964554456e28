/** From a photo to an answer: prepare, send, think, show; with cancel and retry at any moment. */
import { lookalikes, warm } from './backend.js';
import { $, say } from './dom.js';
import { fromCrops } from './frame.js';
import { t } from './i18n.js';
import { pick } from './intake.js';
import { MOST_PHOTOS } from './limits.js';
import { finer, prepare } from './photo.js';
import { atHand } from './portraits.js';
import { failure } from './problem.js';
import { suspense } from './reveal.js';
import { become, go, now, tell, unlessLeft } from './state.js';

const PATIENCE_MS = 4000;

/** @param {() => Files} way @param {Shown} [before] the answer that more photos are added to */
export async function from(way, before) {
	warm();
	const here = now();
	try {
		const files = await unlessLeft(way());
		if (files?.[0]) await find(files, before);
	} catch (error) {
		if (here !== now()) return; // the visitor has gone on
		step('failure', { error, retry: () => from(way, before) });
	}
}

/** @param {Blob[]} files of one person @param {Shown} [before] */
export function find(files, before) {
	const earlier = before?.photos ?? [];
	const tooMany = earlier.length + files.length > MOST_PHOTOS;
	const photos = async () => {
		const all = [...earlier];
		for (const file of files.slice(0, MOST_PHOTOS - all.length)) all.push(await prepare(file));
		return all;
	};
	return think(photos, { tooMany }, before, () => find(files));
}

/** The same photos, looked at more closely. @param {Shown} before @param {Partial<Asking>} asked */
export const again = (before, asked) =>
	think(() => photosFor(before, asked), { asked: { ...before.asked, ...asked } }, before, () => again(before, asked));

/** One photo's own pixels show smaller faces; a device that answers itself would search all of them. @param {Shown} before @param {Partial<Asking>} asked */
const photosFor = async ({ answer, photos }, { minFaceSize }) =>
	minFaceSize && photos.length === 1 && !answer.onDevice ? Promise.all(photos.map(finer)) : photos;

/** @param {() => Promise<Photo[]>} prepared @param {Partial<Shown>} about the answer @param {Shown | undefined} before @param {Do} retry */
async function think(prepared, about, before, retry) {
	const run = new AbortController();
	const since = performance.now();
	step('thinking', { run, word: 'prepare' });
	try {
		const photos = await prepared();
		if (run.signal.aborted) return;
		const answer = await ask(photos, now(), about.asked);
		for (const photo of photos) if (photo.unseen) photo.canvas = await fromCrops(answer);
		await Promise.all([suspense(since), atHand(answer.faces[0]?.matches[0]?.person)]);
		if (!run.signal.aborted) become('answer', { answer, photos, chosen: 0, ...about });
	} catch (error) {
		if (run.signal.aborted) return;
		if (before) become('answer', { ...before, trouble: error });
		else become('failure', { error, retry });
	}
}

/** A failure is no place to come back to: another try takes its entry. @param {StateName} name @param {any} data */
const step = (name, data) => (now().name === 'failure' || now().name === 'thinking' ? become : go)(name, data);

/** @param {Photo[]} photos @param {State} thinking @param {Partial<Asking>} [asked] */
async function ask(photos, thinking, asked) {
	tell(thinking, { photos });
	const late = setTimeout(() => tell(thinking, { late: true }), PATIENCE_MS);
	const onProgress = (/** @type {Word} */ word, /** @type {number} */ fraction) => {
		if (word === 'think') say(t(word));
		tell(thinking, { word, fraction });
	};
	try {
		const { signal } = thinking.data.run;
		return await lookalikes(photos, { ...asked, include: ['crop', 'mirror'] }, { signal, onProgress });
	} finally {
		clearTimeout(late);
	}
}

/** @type {Page} */
export const failed = {
	title: 'problem',
	draw: ({ error, retry }) =>
		$('failure').replaceChildren(...failure(error, retry, () => from(() => pick('file')))),
	restore: () => null,
};
