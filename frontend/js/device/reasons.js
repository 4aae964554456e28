/** Why a face is like somebody: which of its regions carry the likeness, for the largest faces of an answer. */
import { explain } from './explain.js';
import { each } from './subjects.js';

/** @param {Finding} finder @param {DeviceFace[]} faces @param {Probe[]} shown */
export async function addReasons(finder, faces, shown) {
	const { embedder, constants } = finder;
	for (const [index, face] of faces.slice(0, constants.explain.most).entries()) {
		const [best] = face.matches;
		if (!best) return;
		const toBest = (/** @type {Float32Array[]} */ embeddings) => similarities(finder, embeddings, best);
		face.explanation = await explain(embedder, shown[index].chip, toBest, constants.explain);
	}
}

/** To one person; where the gallery is private, as far as the search tells. @param {Finding} finder @param {Float32Array[]} embeddings @param {DeviceMatch} best */
async function similarities({ embedder, search, constants }, embeddings, { embedding, person }) {
	if (embedding) return embeddings.map((one) => embedder.similarity(one, embedding));
	const found = await search(each(embeddings), constants.most_matches);
	return found.map(({ matches }) => (matches.find((match) => match.person.id === person.id) ?? matches[matches.length - 1]).similarity);
}
