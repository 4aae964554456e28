/** Answers on this device: whether the operator offers them, and whether the visitor chose so. */
import { config } from './api.js';

const KEY = 'device';

/** What the operator offers, if anything. @returns {Promise<DeviceOffer | undefined>} */
export const offer = async () => (await config().catch(() => ({}))).device;

/** Whether photos are answered here; on a page without an API, nowhere else. */
export const isOn = async () => {
	const offered = await offer();
	return Boolean(offered && (offered.alone || remembered() === 'on'));
};

/** Whether the mirror can be live: several looks a second are only for a device that asks nobody. */
export const isLive = async () => (await isOn()) && (await offer())?.mode === 'all';

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

/** @param {HTMLVideoElement} video @param {HTMLElement} place @returns {Promise<Do>} stops it */
export async function follow(video, place) {
	if (!(await isLive())) return () => {};
	return (await client()).follow(video, place);
}

/** What asks the worker, fetched with the first need. @returns {Promise<typeof import('./device/client.js')>} */
export const client = () => import('./device/client.js');
