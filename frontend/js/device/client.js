/** The page's side of answers on this device: the worker asked in the words of js/api.js. */
import { h } from '../dom.js';
import { penOf } from '../photo.js';
import { load } from './opening.js';

export { follow } from './live.js';
export { giveUp, load } from './opening.js';

const JPEG_QUALITY = 0.88;

/** @param {Photo[]} photos @param {Asking} options @param {Sending} [sending] @returns {Promise<Answer>} */
export async function lookalikes(photos, { include, minFaceSize }, sending) {
	const answer = await answered('find', photos, { k: 5, include, smallest: minFaceSize }, sending);
	for (const face of answer.faces) face.crop = asJpeg(face.crop);
	return { ...answer, onDevice: true };
}

/** @param {[Photo, Photo]} photos @param {number[]} faces which of each, 0 for the largest @param {Sending} [sending] @returns {Promise<Comparison>} */
export const compare = (photos, faces, sending) => answered('compare', photos, faces, sending);

/** The worker knows nothing of cancelling: what it answers then is dropped. @param {string} task @param {Photo[]} photos @param {unknown} wishes @param {Sending} [sending] @returns {Promise<any>} */
const answered = (task, photos, wishes, { signal, onProgress } = {}) =>
	new Promise((resolve, reject) => {
		const cancel = () => reject(new DOMException('', 'AbortError'));
		signal?.addEventListener('abort', cancel);
		const tell = (/** @type {Word} */ word, /** @type {number} */ fraction) => signal?.aborted || onProgress?.(word, fraction);
		const work = async () => {
			const ask = await load((loaded) => loaded < 1 && tell('device.load', loaded));
			if (signal?.aborted) return cancel();
			tell('think', 1);
			return ask(task, photos.map(({ canvas }) => pixels(canvas)), wishes);
		};
		work().then(resolve, reject);
	});

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
