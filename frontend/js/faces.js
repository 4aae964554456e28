/** Several faces: a row of them to choose from, and the photo with each marked. */
import { div, h, picture } from './dom.js';
import { faceIn } from './frame.js';
import { t } from './i18n.js';

/** @param {Canvas} photo @param {Pick<Face, 'landmarks'>[]} faces @param {number} chosen @param {Choose} choose @param {string} [label] */
export function faceChoices(photo, faces, chosen, choose, label = t('faces', { count: faces.length })) {
	const choices = faces.map((face, index) => {
		const ariaLabel = t('face', { number: index + 1, count: faces.length });
		return h('button', { ariaLabel, ariaPressed: String(index === chosen), onclick: () => choose(index) }, faceIn(photo, face, 120).canvas);
	});
	const row = div('choices', ...choices);
	row.setAttribute('role', 'group');
	row.setAttribute('aria-label', label);
	return row;
}

/** Under each of two photos that has several faces, which of them is compared. @param {(Photo | undefined)[]} photos @param {Side[]} sides @param {(index: number, face: number) => void} choose */
export function comparedFaces(photos, sides, choose) {
	const columns = sides.map(({ faces, chosen }, index) => {
		const photo = photos[index];
		if (!photo || !faces[1]) return div('');
		const words = t(index ? 'second.faces' : 'first.faces', { count: faces.length });
		return div('', h('p', {}, words), faceChoices(photo.canvas, faces, chosen, (face) => choose(index, face), words));
	});
	return sides.some(({ faces }) => faces[1]) && div('columns', ...columns);
}

/** Marks do for a finger what the row does for everybody. @param {Canvas} canvas @param {Face[]} faces @param {number} chosen @param {Choose} choose */
export function markedPhoto(canvas, faces, chosen, choose) {
	const { width, height } = canvas;
	const marks = faces.map(({ box: [left, top, right, bottom] }, index) => {
		const mark = h('span', { className: index === chosen ? 'mark chosen' : 'mark', onclick: () => choose(index) });
		const inset = [top / height, 1 - right / width, 1 - bottom / height, left / width];
		mark.style.inset = inset.map((share) => `${share * 100}%`).join(' ');
		return mark;
	});
	const caption = faces[1] ? t('faces', { count: faces.length }) : t('photo');
	return h('figure', { className: faces[1] ? 'wide' : '' }, div('photo', picture(canvas, t('photo')), ...marks), h('figcaption', {}, caption));
}
