/** The face as the network saw it and, when asked, which parts of it carry the likeness. */
import { lookalikes } from './backend.js';
import { button, div, h } from './dom.js';
import { t } from './i18n.js';
import { MOST_EXPLAINED } from './limits.js';
import { penOf } from './photo.js';
import { explain } from './problem.js';

/** The face, and the question, answered for the largest. @param {Shown} shown @param {Tell} change */
export function* seenFace({ answer, photos, chosen, asked, reasons = {} }, change) {
	const reason = reasons[chosen];
	const words = reason ? (reason.error ? explain(reason.error) : t('why.warm')) : t('crop');
	yield h(
		'figure',
		{},
		div('crop', h('img', { src: String(answer.faces[chosen]?.crop), alt: '' }), reason?.explanation && heat(reason.explanation)),
		h('figcaption', { ariaLive: 'polite', tabIndex: -1 }, words),
	);
	if (reason || chosen >= MOST_EXPLAINED) return;
	const why = button('face', t('why'), async () => {
		why.onclick = null; // and not disabled, which would lose the focus
		change({ reasons: { ...reasons, [chosen]: await reasonFor(photos, chosen, asked) } });
	});
	yield div('taps', why);
}

/** @param {Photo[]} photos @param {number} index @param {Partial<Asking>} [asked] @returns {Promise<Reason>} */
async function reasonFor(photos, index, asked) {
	try {
		const { faces } = await lookalikes(photos, { ...asked, include: ['explanation'] });
		return { explanation: faces[index]?.explanation };
	} catch (error) {
		return { error };
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
