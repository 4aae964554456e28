/** Answers on this device, where the operator offers them and the visitor chose so; in the words of the API's. */
import { config } from './api.js';
import { load } from './device_worker.js';
import { h } from './dom.js';
import { penOf } from './photo.js';

const KEY = 'device';
const JPEG_QUALITY = 0.88;

/** What the operator offers, if anything. @returns {Promise<DeviceOffer | undefined>} */
export const offer = async () => (await config().catch(() => ({}))).device;

/** Whether photos are answered here; on a page without an API, nowhere else. */
export const isOn = async () => {
	const offered = await offer();
	return Boolean(offered && (offered.alone || remembered() === 'on'));
};

let chosen = '';

/** @param {boolean} on */
export function choose(on) {
	chosen = on ? 'on' : 'off';
	try {
		localStorage.setItem(KEY, chosen);
	} catch {} // storage may be forbidden: the choice then lasts as long as the page
}

function remembered() {
	try {
		return chosen || localStorage.getItem(KEY);
	} catch {
		return chosen;
	}
}

/** @param {Photo[]} photos @param {Asking} options @param {Sending} [sending] @returns {Promise<Answer>} */
export async function lookalikes(photos, { include, minFaceSize }, sending) {
	const answer = await answered('find', photos, { k: 5, include, smallest: minFaceSize }, sending);
	for (const face of answer.faces) face.crop = asJpeg(face.crop);
	return { ...answer, onDevice: true };
}

/** @param {Photo} a @param {Photo} b @param {Sending} [sending] @returns {Promise<Comparison>} */
export const compare = (a, b, sending) => answered('compare', [a, b], undefined, sending);

/** @param {string} task @param {Photo[]} photos @param {unknown} wishes @param {Sending} [sending] */
async function answered(task, photos, wishes, { signal, onProgress } = {}) {
	const ask = await load((loaded) => loaded < 1 && onProgress?.('device.load', loaded));
	signal?.throwIfAborted();
	onProgress?.('think', 1);
	return ask(task, photos.map(({ canvas }) => pixels(canvas)), wishes);
}

/** Read once each: reading makes a canvas slow. @type {WeakMap<Canvas, ImageData>} */
const read = new WeakMap();

/** @param {Canvas} canvas */
function pixels(canvas) {
	const found = read.get(canvas) ?? penOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
	read.set(canvas, found);
	return found;
}

/** @param {Uint8Array} chip RGB, square */
function asJpeg(chip) {
	const side = Math.sqrt(chip.length / 3);
	const canvas = h('canvas', { width: side, height: side });
	const image = new ImageData(side, side);
	for (let at = 0; at < side * side; at++) image.data.set([...chip.subarray(3 * at, 3 * at + 3), 255], 4 * at);
	penOf(canvas).putImageData(image, 0, 0);
	return canvas.toDataURL('image/jpeg', JPEG_QUALITY);
}
