/** From a photo to an answer: prepare, send, think, show; with cancel and retry at any moment. */
import { lookalikes, warm } from './backend.js';
import { $, say } from './dom.js';
import { percent, t } from './i18n.js';
import { pick } from './intake.js';
import { MOST_PHOTOS } from './limits.js';
import { prepare } from './photo.js';
import { failure } from './problem.js';
import { become, go, now, tell } from './state.js';
import { reflect } from './wall.js';

const PATIENCE_MS = 4000;

/** @param {() => Files} way @param {Shown} [before] the answer that more photos are added to */
export async function from(way, before) {
	warm();
	try {
		const files = await way();
		if (files[0]) await find(files, before);
	} catch (error) {
		step('failure', { error, retry: () => from(way, before) });
	}
}

/** @param {Blob[]} files of one person @param {Shown} [before] */
export async function find(files, before) {
	const run = new AbortController();
	step('thinking', { run, word: 'prepare' });
	try {
		const photos = [...(before?.photos ?? [])];
		for (const file of files.slice(0, MOST_PHOTOS - photos.length)) photos.push(await prepare(file));
		if (run.signal.aborted) return;
		const answer = await ask(photos, now());
		become('answer', { answer, photos, chosen: 0 });
	} catch (error) {
		if (run.signal.aborted) return;
		if (before) become('answer', { ...before, trouble: error });
		else become('failure', { error, retry: () => find(files) });
	}
}

/** A failure is no place to come back to: another try takes its entry. @param {StateName} name @param {any} data */
const step = (name, data) => (now().name === 'failure' || now().name === 'thinking' ? become : go)(name, data);

/** @param {Photo[]} photos @param {State} thinking */
async function ask(photos, thinking) {
	tell(thinking, { photos });
	const late = setTimeout(() => tell(thinking, { late: true }), PATIENCE_MS);
	const onProgress = (/** @type {Word} */ word, /** @type {number} */ fraction) => {
		if (word === 'think') say(t(word));
		tell(thinking, { word, fraction });
	};
	try {
		return await lookalikes(photos, { include: ['crop', 'mirror'] }, { signal: thinking.data.run.signal, onProgress });
	} finally {
		clearTimeout(late);
	}
}

/** @type {Page} */
export const thinking = {
	title: 'think',
	passing: true,
	draw({ word, fraction, photos, late }) {
		$('step').textContent = t(word, { percent: percent(Math.round(fraction * 100)) });
		if (word === 'send' || word === 'device.load') $('progress').setAttribute('value', fraction);
		else $('progress').removeAttribute('value');
		$('patience').textContent = late && word === 'think' ? t('patience') : '';
		reflect(photos?.[0]);
	},
	leave: ({ run }) => run.abort(),
	restore: () => null,
};

/** @type {Page} */
export const failed = {
	title: 'problem',
	draw: ({ error, retry }) =>
		$('failure').replaceChildren(...failure(error, retry, () => from(() => pick('file')))),
	restore: () => null,
};
