/** The faces of a picture, and all that is found out about each, as the function's faces/probe.py carries it. */
import { rounded } from './gallery.js';
import { quarterTurned } from './pixels.js';
import { faceWarnings } from './quality.js';
import { detectAnyWayUp } from './turning.js';

/**
 * Largest first, ready to be embedded.
 * @param {Detecting} detector @param {Embedding} embedder @param {Picture} picture @param {Constants} constants
 * @param {number} [smallest] least side of a face in pixels of the picture
 */
export async function findFaces(detector, embedder, picture, { turning, quality, most_faces }, smallest) {
	const { turns, faces } = await detectAnyWayUp(detector, picture, turning, smallest);
	const turned = quarterTurned(picture, turns);
	return faces.slice(0, most_faces).map((face) => {
		const chip = embedder.cut(turned, face);
		return { face: face.turnedBack(turns, picture), chip, warnings: faceWarnings(face, chip, turned, 1, quality) };
	});
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
