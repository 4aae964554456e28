/** Which regions of a face carry a likeness: hide one after another, embed again, and see how much is lost. */

/**
 * Weights [grid][grid] from the face's upper left; the largest is 1, or all are 0.
 * @param {Embedding} embedder @param {Uint8Array} chip @param {(embeddings: Float32Array[]) => Promise<number[]>} similarities @param {ExplainRules} rules
 */
export async function explain(embedder, chip, similarities, { grid, patch }) {
	const embeddings = await embedder.embed([chip, ...occluded(chip, embedder.entry.size, grid, patch)]);
	const [whole, ...hidden] = await similarities(embeddings);
	const lost = hidden.map((similarity) => whole - similarity);
	const largest = Math.max(...lost.map(Math.abs)) || 1;
	const weights = Array.from({ length: grid }, (_, row) =>
		lost.slice(row * grid, (row + 1) * grid).map((weight) => weight / largest),
	);
	return { rows: grid, columns: grid, weights };
}

/** @param {Uint8Array} chip @param {number} size @param {number} grid @param {number} patch */
function* occluded(chip, size, grid, patch) {
	const half = Math.round((size * patch) / 2);
	const centres = Array.from({ length: grid }, (_, at) => Math.trunc(((at + 0.5) * size) / grid));
	const colour = [0, 1, 2].map((channel) => Math.trunc(meanOf(chip, channel)));
	for (const y of centres) {
		for (const x of centres) {
			const hidden = chip.slice();
			for (let row = Math.max(0, y - half); row < Math.min(size, y + half); row++) {
				for (let column = Math.max(0, x - half); column < Math.min(size, x + half); column++) {
					hidden.set(colour, 3 * (row * size + column));
				}
			}
			yield hidden;
		}
	}
}

/** @param {Uint8Array} chip @param {number} channel */
function meanOf(chip, channel) {
	let sum = 0;
	for (let at = channel; at < chip.length; at += 3) sum += chip[at];
	return sum / (chip.length / 3);
}
