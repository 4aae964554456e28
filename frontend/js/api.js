/** The calls to the API; page.d.ts tells what it answers. */
import { request } from './http.js';

/** Asks once, and again after a failure. @template T @param {() => Promise<T>} ask */
function once(ask) {
	/** @type {Promise<T> | undefined} */
	let kept;
	return () =>
		(kept ??= ask().catch((error) => {
			kept = undefined;
			throw error;
		}));
}

export const config = once(() => request('config.json'));
let base = '';

/** On this host, or where config.json says ({"api": "https://…"}). @param {string} path */
export async function apiAddress(path) {
	({ api: base = '' } = await config().catch(() => ({})));
	return `${base}/api/${path}`;
}

/** @param {string} path @param {[string, Photo][]} photos @param {Sending} [sending] */
async function send(path, photos, { signal, onProgress } = {}) {
	const form = new FormData();
	for (const [name, { blob }] of photos) form.append(name, blob, `${name}.jpg`);
	const onSent = (/** @type {number} */ sent) => onProgress?.(sent < 1 ? 'send' : 'think', sent);
	return request(await apiAddress(path), form, { signal, onSent });
}

/** @param {Photo[]} photos of one person @param {Asking} options @param {Sending} [sending] @returns {Promise<Answer>} */
export function lookalikes(photos, { include, minFaceSize, minProbability }, sending) {
	const query = new URLSearchParams({ include: include.join() });
	if (minFaceSize) query.set('min_face_size', String(minFaceSize));
	if (minProbability !== undefined) query.set('min_probability', String(minProbability));
	return send(`lookalikes?${query}`, photos.map((photo) => ['photo', photo]), sending);
}

/** @param {[Photo, Photo]} photos @param {number[]} faces which of each, 0 for the largest @param {Sending} [sending] @returns {Promise<Comparison>} */
export const compare = ([a, b], [first, second], sending) => send(`compare?a_face=${first}&b_face=${second}`, [['a', a], ['b', b]], sending);

/** Everybody in the gallery. @type {() => Promise<Gallery>} */
export const people = once(async () => request(await apiAddress('people')));

/** For those who have asked the API before. @param {string} name */
export const portraitUrl = (name) => `${base}/api/portraits/${name}`;
