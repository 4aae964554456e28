/** The answer: the best match on the wall, the next four below, and how it came about. */
import { bestMatch } from './best.js';
import { $, button, div, h, say } from './dom.js';
import { faceChoices, markedPhoto } from './faces.js';
import { again, from } from './find.js';
import { about, galleryFacts } from './gallery.js';
import { alike, inLanguage, spoken, t, texts, whole } from './i18n.js';
import { pick } from './intake.js';
import { keep, kept } from './keep.js';
import { LEAST_FACE, MOST_PHOTOS, SMALL_FACE } from './limits.js';
import { framed, ring, touchable } from './portraits.js';
import { explain } from './problem.js';
import { seenFace } from './seen.js';
import { severalPhotos } from './several.js';
import { now, tell } from './state.js';

/** @type {Page} */
export const answered = {
	title: 'nav.answer',
	restore: kept,
	draw(/** @type {Shown} */ shown) {
		const here = now();
		const best = shown.answer.faces[shown.chosen]?.matches[0];
		$('answer').replaceChildren(...parts(shown, (news) => tell(here, news)));
		if (!shown.forgotten) keep(here.id, shown);
		if (best) say(`${inLanguage(best.person.name)}, ${alike(best.percent)}`);
	},
};

/** @param {Shown} shown @param {Tell} change */
function* parts(shown, change) {
	const { answer, chosen, photos } = shown;
	const { faces } = answer;
	const face = /** @type {Face} */ (faces[chosen]);
	const { canvas } = /** @type {Photo} */ (photos[Math.max(0, answer.photos?.findIndex(({ group, faces }) => faces && !group) ?? 0)]);
	const choose = (/** @type {number} */ index) => change({ chosen: index });
	yield* news(shown);
	yield div(faces[1] ? 'wall best crowd' : 'wall best', faces[1] && faceChoices(canvas, faces, chosen, choose), bestMatch(face, canvas, shown));
	yield div(
		'sheet',
		...notes(shown, face),
		face.matches[1] && h('h2', {}, t('next')),
		h('ol', { className: 'next' }, ...face.matches.slice(1).map(row)),
		...severalPhotos(shown),
		h('h2', {}, t('seen')),
		div('sights', markedPhoto(canvas, faces, chosen, choose), ...seenFace(shown, change)),
		face.mirror?.stable && h('p', { className: 'soft' }, t('mirror.stable')),
		...(faces[1] || photos.length === MOST_PHOTOS ? [] : steadier(shown)),
		answer.onDevice && h('p', { className: 'soft' }, t('device.computed')),
		meaning(),
	);
}

/** What happened to this answer since it was given. @param {Shown} shown */
function* news({ trouble, tooMany, restored }) {
	if (trouble) yield h('p', { className: 'banner', role: 'alert' }, explain(trouble));
	if (tooMany) yield h('p', { className: 'banner', role: 'alert' }, t('too-many', { count: MOST_PHOTOS }));
	if (restored && !trouble) yield h('p', { className: 'banner' }, t('restored'));
}

/** @param {Shown} shown */
const steadier = (shown) => [
	h('p', {}, t('add.lead')),
	div('taps', button('add', t('add'), () => from(() => pick('files'), shown))),
];

/** @param {Match} match */
function row({ person, percent: value }) {
	const { research, others } = about(person);
	const words = h('span', {}, spoken('b', inLanguage(person.name)), spoken('small', research || others.join(' · ')));
	return h('li', {}, touchable(person, framed(person), words, ring(value, 'small')));
}

/** How far to trust it, and where to look further. @param {Shown} shown @param {Face} face */
function* notes(shown, { warnings, mirror }) {
	const { answer } = shown;
	const lines = texts([...(answer.photo.remarks ?? []), ...warnings]);
	if (mirror && !mirror.stable) lines.push(t('mirror.turned', { name: inLanguage(mirror.person.name) }));
	if (shown.photos.some(({ unseen }) => unseen)) lines.push(t('unseen'));
	if (answer.left_out) lines.push(t('left-out', { count: answer.left_out }));
	if (answer.beyond_limit) lines.push(t('beyond-limit', { count: answer.beyond_limit }));
	if (lines[0]) yield h('ul', { className: 'notes' }, ...lines.map((line) => h('li', {}, line)));
	const further = div(
		'taps',
		answer.left_out && button('face', t('left-out.show'), () => again(shown, { minProbability: 0 })),
		smallerPossible(shown) && !shown.asked?.minFaceSize && button('face', t('smaller'), () => again(shown, { minFaceSize: LEAST_FACE })),
	);
	if (further.firstChild) yield further;
}

/** Where the answer says so, or a face is small in what was sent: the photo's own pixels tell more of it. @param {Shown} shown */
function smallerPossible({ answer: { smaller_possible, faces, onDevice }, photos }) {
	const small = faces.some(({ box: [left, top, right, bottom] }) => Math.max(right - left, bottom - top) < SMALL_FACE);
	return smaller_possible || (small && photos.length === 1 && photos[0]?.finer && !onDevice);
}

/** What the numbers say in this gallery, and by which network. */
function meaning() {
	const { median_pair: pair, median_nearest: next, model } = galleryFacts() ?? {};
	return h(
		'details',
		{},
		h('summary', {}, t('meaning')),
		h('p', {}, t('meaning.text')),
		pair && next && h('p', {}, t('standing.usual', { pair: whole(pair), next: whole(next) })),
		model && h('p', { className: 'soft' }, t('meaning.network', { model })),
	);
}
