/** The face as the network saw it and, when asked, which parts of it carry the likeness. */
import { lookalikes } from './api.js';
import { button, div, h } from './dom.js';
import { t } from './i18n.js';
import { penOf } from './photo.js';
import { explain } from './problem.js';

/** The face, and the question, answered for the largest 3. @param {string} src @param {Photo[]} photos @param {number} index */
export function seenFace(src, photos, index) {
	const view = div('crop', h('img', { src, alt: '' }));
	const caption = h('figcaption', { ariaLive: 'polite' }, t('crop'));
	const why = button('face', t('why'), async () => {
		why.disabled = true;
		caption.textContent = await reason(view, photos, index);
		why.remove();
	});
	return { seen: h('figure', {}, view, caption), why: index < 3 && why };
}

/** @param {Node} view @param {Photo[]} photos @param {number} index */
async function reason(view, photos, index) {
	try {
		const { faces } = await lookalikes(photos, 'explanation');
		const { explanation } = /** @type {{explanation: Explanation}} */ (faces[index]);
		view.appendChild(heat(explanation));
		return t('why.warm');
	} catch (error) {
		return explain(error);
	}
}

/** A pixel a region, smoothed by the browser. @param {Explanation} explanation */
function heat({ rows, columns, weights }) {
	const canvas = h('canvas', { width: columns, height: rows });
	const most = Math.max(1e-9, ...weights.flat());
	const pixels = weights.flat().flatMap((weight) => [255, 110, 20, (200 * weight) / most]);
	penOf(canvas).putImageData(new ImageData(Uint8ClampedArray.from(pixels), columns, rows), 0, 0);
	return canvas;
}
