/** The answer: the best match on the wall, the next four below, and how it came about. */
import { bestMatch } from './best.js';
import { $, button, div, h, say } from './dom.js';
import { markedPhoto } from './faces.js';
import { MOST_PHOTOS } from './find.js';
import { alike, onWords, t, texts } from './i18n.js';
import { framed, ring } from './portraits.js';
import { seenFace } from './seen.js';

/** Draws the answer again: for another language or face. */
let draw = () => {};
onWords(() => draw());

/** @param {Answer} answer @param {Photo[]} photos @param {Do} more asks for more of this person */
export function showAnswer(answer, photos, more) {
	let chosen = 0;
	draw = () => $('answer').replaceChildren(...parts(answer, chosen, photos, choose, more));
	choose(0);

	/** @param {number} index */
	function choose(index) {
		chosen = index;
		draw();
		/** @type {HTMLElement | null} */ ($('answer').querySelector('[aria-pressed=true]'))?.focus({ preventScroll: true });
		const best = answer.faces[index]?.matches[0];
		if (best) say(`${best.person.name}, ${alike(best.percent)}`);
	}
}

/** @param {Answer} answer @param {number} chosen @param {Photo[]} photos @param {Choose} choose @param {Do} more */
function* parts(answer, chosen, photos, choose, more) {
	const { faces } = answer;
	const face = /** @type {Face} */ (faces[chosen]);
	const { canvas } = /** @type {Photo} */ (photos[answer.photos?.findIndex((photo) => photo.faces) ?? 0]);
	const crowd = faces.length > 1;
	const photo = h(
		'figure',
		{},
		markedPhoto(canvas, faces, chosen, choose),
		h('figcaption', {}, t(crowd ? 'faces' : 'photo', { count: faces.length })),
	);
	const { seen, why } = seenFace(String(face.crop), photos, chosen);
	yield div(crowd ? 'wall best crowd' : 'wall best', crowd && photo, bestMatch(face, canvas));
	yield div(
		'sheet',
		...notes(answer, face),
		face.matches[1] && h('h2', {}, t('next')),
		h('ol', { className: 'next' }, ...face.matches.slice(1).map(row)),
		h('h2', {}, t('seen')),
		div('sights', !crowd && photo, seen),
		face.mirror?.stable && h('p', { className: 'soft' }, t('mirror.stable')),
		div('taps', why),
		...(crowd || photos.length === MOST_PHOTOS ? [] : steadier(more)),
		h('details', {}, h('summary', {}, t('meaning')), h('p', {}, t('meaning.text'))),
	);
}

/** @param {Do} more */
const steadier = (more) => [h('p', {}, t('add.lead')), div('taps', button('add', t('add'), more))];

/** @param {Match} match */
function row({ person, percent: value }) {
	const words = h('span', {}, h('b', {}, person.name), h('small', {}, person.department));
	return h('li', {}, framed(person), words, ring(value, 'small'));
}

/** How far to trust it. @param {Answer} answer @param {Face} face */
function* notes({ photos }, { warnings, mirror }) {
	const lines = texts(warnings);
	if (mirror && !mirror.stable) lines.push(t('mirror.turned', mirror.person));
	if (lines[0]) yield h('ul', { className: 'notes' }, ...lines.map((line) => h('li', {}, line)));
	if (!photos) return;
	yield h('h2', {}, t('several', { count: photos.length }));
	yield h('ol', {}, ...photos.map(({ winner }) => h('li', {}, winner?.name ?? t('no-face'))));
}
