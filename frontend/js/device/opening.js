/** The worker, opened once for all who ask it; and given up while it loads, when nobody wants it any more. */
import { apiAddress, config } from '../api.js';
import { Problem } from '../http.js';

const SHARE = 'share';
const heard = new EventTarget();

/** @type {Promise<Ask> | undefined} */
let opened;
let share = 0;
/** While they open. @type {Do | undefined} */
let stop;

/** Who no longer wants the networks waits and pays for no more megabytes; opened ones stay. */
export const giveUp = () => stop?.();

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
	stop = () => {
		share = 0;
		for (const { reject } of waiting.values()) reject(new DOMException('', 'AbortError'));
	};
	try {
		await ask('open', new URL(index, document.baseURI).href, new URL(await apiAddress('search'), document.baseURI).href);
		navigator.serviceWorker?.register('./sw.js').catch(console.info); // only for visits without a network
		return ask;
	} catch (error) {
		worker.terminate();
		throw error;
	} finally {
		stop = undefined;
	}
}

/** What the worker's own refusals say is said as the API's; all else means that this device cannot do it. @param {any} trouble */
function problem({ name, message, slug = 'device-failed', hint }) {
	if (slug === 'device-failed') console.warn(name, message);
	return new Problem(slug, { hint });
}
