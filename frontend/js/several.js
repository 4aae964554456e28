/** Several photos of one person: each as a picture, with who would have won by it alone. */
import { h, picture } from './dom.js';
import { frame } from './portraits.js';
import { inLanguage, spoken, t } from './i18n.js';
import { drawn } from './photo.js';

/** @param {Shown} shown */
export function* severalPhotos({ answer: { photos: summaries, different_people }, photos }) {
	if (!summaries) return;
	yield h('h2', {}, t('several', { count: summaries.length }));
	if (different_people) yield h('p', { className: 'notes' }, t('different-people'));
	const items = summaries.map(({ winner, group }, index) => {
		const { canvas } = /** @type {Photo} */ (photos[index]);
		const side = Math.min(canvas.width, canvas.height);
		const small = drawn(canvas, [(canvas.width - side) / 2, (canvas.height - side) / 3, side, side], 192, 192);
		const words = winner ? spoken('b', inLanguage(winner.name)) : h('b', {}, t('no-face'));
		return h('li', {}, frame(picture(small, t('photo'))), h('span', {}, words, group ? h('small', {}, t('other-person')) : ''));
	});
	yield h('ol', { className: 'photos' }, ...items);
}
