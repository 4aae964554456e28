/** The face as the network saw it and, when asked, which parts of it carry the likeness. */
import { lookalikes } from './backend.js';
import { button, div, h } from './dom.js';
import { t } from './i18n.js';
import { MOST_EXPLAINED } from './limits.js';
import { penOf } from './photo.js';
import { framed } from './portraits.js';
import { explain, passes } from './problem.js';

/** The face, and the question, answered for the largest. @param {Shown} state @param {Tell} change */
export function* seenFace(state, change) {
	const { answer, photos, chosen, asked } = state;
	const reason = state.reasons?.[chosen];
	const face = answer.faces[chosen];
	const best = face?.matches[0]?.person;
	const shown = reason?.explanation;
	yield h(
		'figure',
		{ className: shown ? 'told' : '' },
		div(
			'alike',
			div('crop', h('img', { src: String(face?.crop), alt: '' }), shown && heat(shown)),
			shown && best && div('crop', ...framed(best, '', 'large').children, heat(shown)),
		),
		h('figcaption', { ariaLive: 'polite', tabIndex: -1 }, reason ? (shown ? inWords(shown) : explain(reason.error)) : t('crop')),
	);
	if (reason ? shown || !passes(reason.error) : chosen >= MOST_EXPLAINED) return;
	const why = button(reason ? 'again' : 'face', t(reason ? 'retry' : 'why'), async () => {
		why.onclick = null; // and not disabled, which would lose the focus
		const found = await reasonFor(photos, chosen, asked);
		change({ reasons: { ...state.reasons, [chosen]: found } }); // another face's may have come meanwhile
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

/** Where the parts of a face lie, in shares of the picture: left, top, right, bottom. @type {[Word, Box][]} */
const PARTS = [
	['part.brow', [0.15, 0, 0.85, 0.24]],
	['part.eyes', [0.1, 0.24, 0.9, 0.42]],
	['part.nose', [0.35, 0.42, 0.65, 0.6]],
	['part.cheeks', [0, 0.42, 1, 0.6]],
	['part.mouth', [0.3, 0.6, 0.7, 0.8]],
	['part.jaw', [0.1, 0.8, 0.9, 1]],
];

/** The two parts that carry most of it. @param {Explanation} explanation */
function inWords({ rows, columns, weights }) {
	const strength = (/** @type {Box} */ [left, top, right, bottom]) => {
		const inside = weights.flatMap((row, y) =>
			row.filter((_, x) => (x + 0.5) / columns > left && (x + 0.5) / columns < right && (y + 0.5) / rows > top && (y + 0.5) / rows < bottom),
		);
		return inside.reduce((sum, weight) => sum + weight, 0) / Math.max(1, inside.length);
	};
	const [first, second] = PARTS.map(([word, box]) => ({ word, value: strength(box) })).sort((a, b) => b.value - a.value);
	return t('why.parts', { first: first && t(first.word), second: second && t(second.word) });
}

/** A pixel a region, smoothed by the browser. @param {Explanation} explanation */
function heat({ rows, columns, weights }) {
	const canvas = h('canvas', { width: columns, height: rows });
	const most = Math.max(1e-9, ...weights.flat());
	const pixels = weights.flat().flatMap((weight) => [255, 110, 20, (200 * weight) / most]);
	penOf(canvas).putImageData(new ImageData(Uint8ClampedArray.from(pixels), columns, rows), 0, 0);
	return canvas;
}
