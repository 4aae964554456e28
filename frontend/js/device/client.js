/** The page's side of answers on this device: the worker, opened once, asked in the words of js/api.js. */
import { apiAddress, config } from '../api.js';
import { h } from '../dom.js';
import { Problem } from '../http.js';
import { penOf } from '../photo.js';

export { follow } from './live.js';

const [SHARE, JPEG_QUALITY] = ['share', 0.88];
const heard = new EventTarget();

/** @type {Promise<Ask> | undefined} */
let opened;
let share = 0;

/** Opens the networks, once; tells the share that is loaded. @param {(share: number) => void} [tell] @returns {Promise<Ask>} */
export async function load(tell) {
	const listen = () => tell?.(share);
	heard.addEventListener(SHARE, listen);
	listen();
	try {
		return await (opened ??= open());
	} catch (error) {
		opened = undefined;
		throw error;
	} finally {
		heard.removeEventListener(SHARE, listen);
	}
}

/** @returns {Promise<Ask>} */
async function open() {
	const { index } = (await config()).device;
	const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
	/** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
	const waiting = new Map();
	let last = 0;
	/** @type {Ask} */
	const ask = (...task) =>
		new Promise((resolve, reject) => {
			waiting.set(++last, { resolve, reject });
			worker.postMessage([last, ...task]);
		});
	worker.onmessage = ({ data: { id, value, trouble, share: loaded } }) => {
		if (loaded !== undefined) {
			share = loaded;
			return heard.dispatchEvent(new Event(SHARE));
		}
		const asker = waiting.get(id);
		waiting.delete(id);
		return trouble ? asker?.reject(problem(trouble)) : asker?.resolve(value);
	};
	worker.onerror = (event) => {
		event.preventDefault();
		for (const { reject } of waiting.values()) reject(problem({}));
		waiting.clear();
	};
	try {
		await ask('open', new URL(index, document.baseURI).href, new URL(await apiAddress('search'), document.baseURI).href);
		navigator.serviceWorker?.register('./sw.js').catch(console.info); // only for visits without a network
		return ask;
	} catch (error) {
		worker.terminate();
		throw error;
	}
}

/** What the worker's own refusals say is said as the API's; all else means that this device cannot do it. @param {any} trouble */
function problem({ name, message, slug = 'device-failed', hint }) {
	if (slug === 'device-failed') console.warn(name, message);
	return new Problem(slug, { hint });
}

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
