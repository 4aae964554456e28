/** The photo with every face marked; a tap on a face chooses it. */
import { div, h, picture } from './dom.js';
import { t } from './i18n.js';

/** @param {Canvas} canvas @param {Face[]} faces @param {number} chosen @param {Choose} choose */
export function markedPhoto(canvas, faces, chosen, choose) {
	const { width, height } = canvas;
	const marks = faces.map(({ box: [left, top, right, bottom] }, index) => {
		const ariaLabel = t('face', { number: index + 1, count: faces.length });
		const ariaPressed = String(index === chosen);
		const mark = faces[1] ? h('button', { ariaLabel, ariaPressed, onclick: () => choose(index) }) : h('span');
		const inset = [top / height, 1 - right / width, 1 - bottom / height, left / width];
		mark.style.inset = inset.map((share) => `${share * 100}%`).join(' ');
		mark.className = 'mark';
		return mark;
	});
	return div('photo', picture(canvas, t('photo')), ...marks);
}
