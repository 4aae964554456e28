/** The calls to the API; page.d.ts tells what it answers. */
import { request } from './http.js';

/** @type {{api?: string} | undefined} */
let config;

/** On this host, or where config.json says ({"api": "https://…"}). @param {string} path */
const url = (path) => `${config?.api ?? ''}/api/${path}`;

/** @param {string} path */
async function api(path) {
	config ??= await request('config.json').catch(() => undefined);
	return url(path);
}

/** @param {string} path @param {[string, Photo][]} photos @param {Sending} [sending] */
async function send(path, photos, sending) {
	const form = new FormData();
	for (const [name, { blob }] of photos) form.append(name, blob, `${name}.jpg`);
	return request(await api(path), form, sending);
}

/** @param {Photo[]} photos of one person @param {string} include @param {Sending} [sending] @returns {Promise<Answer>} */
export const lookalikes = (photos, include, sending) =>
	send(`lookalikes?include=${include}`, photos.map((photo) => ['photo', photo]), sending);

/** @param {Photo} a @param {Photo} b @returns {Promise<Comparison>} */
export const compare = (a, b) => send('compare', [['a', a], ['b', b]]);

/** @type {Gallery | undefined} */
let gallery;

/** Everybody in the gallery, asked for once. @returns {Promise<Gallery>} */
export const people = async () => (gallery ??= await request(await api('people')));

/** For those who have asked the API before. @param {string} name */
export const portraitUrl = (name) => url(`portraits/${name}`);
