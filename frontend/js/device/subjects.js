/** Who is looked for: each face of one picture, or the one person that several pictures show. */

/** @param {Float32Array[]} embeddings @returns {Sought[]} */
export const each = (embeddings) => embeddings.map((embedding) => ({ embedding, spread: 0 }));

/**
 * For each embedding the number of its group: 0 for the largest, then 1…; of equal ones the earlier. Those are together
 * that the network takes for one person, directly or by way of others: all of them where it has no rule for that.
 * @param {Embedding} embedder @param {Float32Array[]} embeddings
 */
export function samePersonGroups(embedder, embeddings) {
	const linked = embeddings.map((a) => embeddings.map((b) => embedder.takesForOne(embedder.similarity(a, b)) ?? true));
	let first = embeddings.map((_, at) => at);
	for (const _ of embeddings) first = linked.map((row) => Math.min(...first.filter((_, at) => row[at])));
	const size = (/** @type {number} */ leader) => first.filter((one) => one === leader).length;
	const leaders = [...new Set(first)].sort((a, b) => size(b) - size(a) || a - b);
	return first.map((leader) => leaders.indexOf(leader));
}
