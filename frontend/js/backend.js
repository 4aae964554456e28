/** Who answers: this device, where the visitor has chosen so, else the API. */
import * as api from './api.js';
import { client, isOn } from './on_device.js';

/** @param {Photo[]} photos of one person @param {Asking} options @param {Sending} [sending] @returns {Promise<Answer>} */
export const lookalikes = async (photos, options, sending) => (await chosen()).lookalikes(photos, options, sending);

/** @param {[Photo, Photo]} photos @param {number[]} faces which of each, 0 for the largest @param {Sending} [sending] @returns {Promise<Comparison>} */
export const compare = async (photos, faces, sending) => (await chosen()).compare(photos, faces, sending);

const chosen = async () => ((await isOn()) ? client() : api);

/** While a photo is being picked, what will answer it is loaded. */
export async function warm() {
	if (await isOn()) (await client()).load().catch(() => {}); // whoever asks then hears of it
}
