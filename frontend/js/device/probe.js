/** The faces of a picture, and all that is found out about each, as the function's faces/probe.py carries it. */
import { rounded } from './gallery.js';
import { quarterTurned } from './pixels.js';
import { faceWarnings } from './quality.js';
import { detectAnyWayUp, smallerPossible } from './turning.js';

/**
 * Largest first, ready to be embedded. Where a face is sure, those that are not are left out.
 * @param {Detecting} detector @param {Embedding} embedder @param {Picture} picture @param {Constants} constants
 * @param {number} [smallest] least side of a face in pixels of the picture
 * @returns {Promise<Detection>}
 */
export async function findFaces(detector, embedder, picture, { detector: { sure }, turning, quality, most_faces }, smallest) {
	const found = await detectAnyWayUp(detector, picture, turning, sure, smallest);
	const certain = found.faces.filter((face) => face.evidence >= sure);
	const wanted = certain.length ? certain : found.faces;
	const turned = quarterTurned(picture, found.turns);
	const probes = wanted.slice(0, most_faces).map((face) => {
		const chip = embedder.cut(turned, face);
		const warnings = faceWarnings(face, chip, turned, 1, quality);
		if (face.evidence < sure) warnings.push('unsure');
		return { face: face.turnedBack(found.turns, picture), chip, warnings };
	});
	const left_out = found.faces.length - wanted.length;
	const beyond_limit = wanted.length - probes.length;
	return { probes, left_out, beyond_limit, smaller_possible: smallerPossible(found, turning, sure) };
}

/** What an answer says of it. @param {Probe} probe */
export const faceOf = ({ face, warnings }) => ({
	box: /** @type {Box} */ (face.box.map((side) => rounded(side, 2))),
	probability: rounded(face.probability, 5),
	landmarks: face.landmarks.map(([x, y]) => [rounded(x, 2), rounded(y, 2)]),
	warnings,
});

/** A face as in a mirror. @param {Uint8Array} chip @param {number} size */
export function mirrored(chip, size) {
	const out = new Uint8Array(chip.length);
	for (let at = 0; at < size * size; at++) {
		const from = at - (at % size) + size - 1 - (at % size);
		out.set(chip.subarray(3 * from, 3 * from + 3), 3 * at);
	}
	return out;
}
