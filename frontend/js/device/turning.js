/** Which way up is a photo? As the function's faces/turning.py: sought upright first, then after quarter turns. */
import { quarterTurned } from './pixels.js';

/**
 * Quarter turns (counter-clockwise), and the faces found after them, largest first.
 * @param {Detecting} detector @param {Picture} picture @param {TurningRules} rules
 * @param {number} [smallest] least side of a face in pixels of the picture
 * @returns {Promise<Attempt>}
 */
export async function detectAnyWayUp(detector, picture, rules, smallest) {
	const longest = Math.max(picture.width, picture.height);
	const shares = smallest ? [smallest] : rules.smallest_face.map((share) => share * longest);
	const sizes = shares.map((size) => Math.max(rules.least_face, size));
	const attempts = [...[...new Set(sizes)].map((size) => [0, size]), ...[1, 3, 2].map((turns) => [turns, sizes[0]])];
	const attempt = async (/** @type {number} */ turns, /** @type {number} */ size) => ({
		turns,
		size,
		faces: await detector.detect(quarterTurned(picture, turns), size),
	});
	/** @type {Attempt} */
	let best = { turns: 0, size: sizes[0], faces: [] };
	for (const [turns, size] of attempts) {
		best = surer(best, await attempt(turns, size));
		if (certainty(best) >= rules.certain) break;
	}
	if (!best.faces.length) return best;
	const surest = best.faces.reduce((a, b) => (b.probability > a.probability ? b : a));
	const turn = await detector.betterTurn(quarterTurned(picture, best.turns), surest);
	return turn ? surer(best, await attempt((best.turns + turn) % 4, best.size)) : best;
}

/** @param {Attempt} attempt */
const certainty = ({ faces }) => Math.max(0, ...faces.map((face) => face.probability));

/** @param {Attempt} first @param {Attempt} second */
const surer = (first, second) => (certainty(second) > certainty(first) ? second : first);
