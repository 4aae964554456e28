/** The answer: the best match on the wall, the next four below, and how it came about. */
import { bestMatch } from './best.js';
import { $, button, div, h, say } from './dom.js';
import { markedPhoto } from './faces.js';
import { from } from './find.js';
import { alike, t, texts } from './i18n.js';
import { pick } from './intake.js';
import { keep, kept } from './keep.js';
import { MOST_PHOTOS } from './limits.js';
import { framed, ring } from './portraits.js';
import { explain } from './problem.js';
import { seenFace } from './seen.js';
import { now, tell } from './state.js';

/** @type {Page} */
export const answered = {
	title: 'best',
	restore: kept,
	draw(/** @type {Shown} */ shown) {
		const here = now();
		const best = shown.answer.faces[shown.chosen]?.matches[0];
		$('answer').replaceChildren(...parts(shown, (news) => tell(here, news)));
		if (!shown.forgotten) keep(here.id, shown);
		if (best) say(`${best.person.name}, ${alike(best.percent)}`);
	},
};

/** @param {Shown} shown @param {Tell} change */
function* parts(shown, change) {
	const { answer, chosen, photos } = shown;
	const { faces } = answer;
	const face = /** @type {Face} */ (faces[chosen]);
	const { canvas } = /** @type {Photo} */ (photos[answer.photos?.findIndex((photo) => photo.faces) ?? 0]);
	const crowd = faces.length > 1;
	const photo = h(
		'figure',
		{},
		markedPhoto(canvas, faces, chosen, (index) => change({ chosen: index })),
		h('figcaption', {}, t(crowd ? 'faces' : 'photo', { count: faces.length })),
	);
	yield* news(shown);
	yield div(crowd ? 'wall best crowd' : 'wall best', crowd && photo, bestMatch(face, canvas));
	yield div(
		'sheet',
		...notes(answer, face),
		face.matches[1] && h('h2', {}, t('next')),
		h('ol', { className: 'next' }, ...face.matches.slice(1).map(row)),
		h('h2', {}, t('seen')),
		div('sights', !crowd && photo, ...seenFace(shown, change)),
		face.mirror?.stable && h('p', { className: 'soft' }, t('mirror.stable')),
		...(crowd || photos.length === MOST_PHOTOS ? [] : steadier(shown)),
		answer.onDevice && h('p', { className: 'soft' }, t('device.computed')),
		h('details', {}, h('summary', {}, t('meaning')), h('p', {}, t('meaning.text'))),
	);
}

/** What happened to this answer since it was given. @param {Shown} shown */
function* news({ trouble, restored }) {
	if (trouble) yield h('p', { className: 'banner', role: 'alert' }, explain(trouble));
	else if (restored) yield h('p', { className: 'banner' }, t('restored'));
}

/** @param {Shown} shown */
const steadier = (shown) => [
	h('p', {}, t('add.lead')),
	div('taps', button('add', t('add'), () => from(() => pick('files'), shown))),
];

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
