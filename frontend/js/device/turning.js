/** Which way up is a photo, and how small are its faces? As the function's faces/turning.py, which gives the reasons. */
import { quarterTurned } from './pixels.js';

/**
 * Quarter turns (counter-clockwise), the least side that was sought, and the faces found, largest first.
 * @param {Detecting} detector @param {Picture} picture @param {TurningRules} rules @param {number} sure evidence of a face
 * @param {number} [smallest] least side of a face in pixels of the picture
 * @returns {Promise<Attempt>}
 */
export async function detectAnyWayUp(detector, picture, rules, sure, smallest) {
	const longest = Math.max(picture.width, picture.height);
	const shares = smallest ? [smallest] : rules.smallest_faces.map((share) => share * longest);
	const sizes = [...new Set(shares.map((size) => Math.max(rules.least_face, size)))];
	const search = async (/** @type {number} */ turns, /** @type {number} */ size) => ({
		turns,
		smallest: size,
		faces: await detector.detect(quarterTurned(picture, turns), size),
	});
	let best = await search(0, sizes[0]);
	if (!best.faces.some((face) => face.evidence >= sure) && sizes.length > 1) best = surer(best, await search(0, sizes[1]));
	const surestTurn = async (/** @type {Attempt} */ found, /** @type {number} */ size) => {
		for (const turns of [1, 3, 2]) {
			if (evidence(found) < rules.certain) found = surer(found, await search(turns, size));
		}
		return found;
	};
	best = await surestTurn(best, Math.max(sizes[0], side(best) / 2));
	if (leastSure(best, sure) === Infinity && sizes.length > 1) {
		const small = await surestTurn(best, sizes[1]);
		if (leastSure(small, sure) < Infinity) best = small;
	}
	if (best.smallest > sizes[0]) best = await search(best.turns, sizes[0]);
	const last = sizes[sizes.length - 1];
	while (best.smallest > last && smallerPossible(best, rules, sure)) {
		const least = leastSure(best, sure);
		const enough = sizes.find((size) => size < best.smallest && least >= rules.nearly * size);
		best = await search(best.turns, enough ?? last);
	}
	return best;
}

/** Whether a sure face is so small that smaller ones may be there. @param {Attempt} attempt @param {TurningRules} rules @param {number} sure */
export function smallerPossible(attempt, rules, sure) {
	return attempt.smallest > rules.least_face && leastSure(attempt, sure) < rules.nearly * attempt.smallest;
}

/** The side of the smallest sure face. @param {Attempt} attempt @param {number} sure */
function leastSure({ faces }, sure) {
	return Math.min(Infinity, ...faces.filter((face) => face.evidence >= sure).map((face) => Math.min(face.width, face.height)));
}

/** Of the face with the most evidence. @param {Attempt} attempt */
function side({ faces }) {
	const surest = faces.reduce((/** @type {FaceFound | null} */ best, face) => (best && best.evidence >= face.evidence ? best : face), null);
	return surest ? Math.max(surest.width, surest.height) : 0;
}

/** @param {Attempt} attempt */
const evidence = ({ faces }) => Math.max(-Infinity, ...faces.map((face) => face.evidence));

/** @param {Attempt} first @param {Attempt} second */
const surer = (first, second) => (evidence(second) > evidence(first) ? second : first);
