/** Is a face upright? MTCNN finds sideways ones too, but then guesses their landmarks as if they were. */
import { allTurns } from './pixels.js';

const SIDE = 48; // of O-Net's input
const f = Math.fround;

/**
 * Quarter turns (counter-clockwise, 0 for none) after which O-Net is far surer that this is a face.
 * @param {Run} run @param {Table} table @param {FaceFound} face @param {number} clearlySurer in logits
 */
export async function betterTurn(run, table, face, clearlySurer) {
	const half = Math.max(face.width, face.height) / 2;
	const centre = [0, 1].map((side) => f(f(face.box[side] + face.box[side + 2]) / 2));
	const limits = [table.width, table.height];
	const low = centre.map((middle) => Math.trunc(Math.max(0, f(middle - half))));
	const high = centre.map((middle, side) => Math.trunc(Math.min(limits[side], f(middle + half))));
	if (high[0] <= low[0] || high[1] <= low[1]) return 0;
	const crop = table.crops([/** @type {Box} */ ([...low, ...high])], SIDE);
	const { data, dims } = await run('onet', allTurns(crop, SIDE), [4, 3, SIDE, SIDE]);
	const logits = [0, 1, 2, 3].map((turns) => data[turns * dims[1]]);
	const best = logits.indexOf(Math.max(...logits));
	return logits[best] > f(logits[0] + clearlySurer) ? best : 0;
}
