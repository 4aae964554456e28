/** Who is nearest to embeddings, asked of the server: numbers only, never a photo. */
import { Refusal } from './refusal.js';

const MOST_ROWS = 100;

/** @param {string} address of the API's search @param {string} fingerprint of the network @returns {Search} */
export const remoteSearch = (address, fingerprint) => async (sought, k) => {
	/** @type {Awaited<ReturnType<Search>>} */
	const faces = [];
	for (let start = 0; start < sought.length; start += MOST_ROWS) {
		const some = sought.slice(start, start + MOST_ROWS);
		const [embeddings, spreads] = [some.map(({ embedding }) => Array.from(embedding)), some.map(({ spread }) => spread)];
		faces.push(...(await ask(address, JSON.stringify({ fingerprint, embeddings, spreads, k }))));
	}
	return faces;
};

/** @param {string} address @param {string} body */
async function ask(address, body) {
	const answer = await fetch(address, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
	const found = await answer.json().catch(() => ({}));
	if (answer.ok) return found.faces;
	throw new Refusal(/problem:(.+)/.exec(found.type)?.[1] ?? 'unavailable', found.hint);
}
