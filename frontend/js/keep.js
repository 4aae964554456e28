/** The last answer, kept in this tab only, so that a reload or a phone short of memory does not lose it. */
import { opened } from './photo.js';

const KEY = 'answer';

/** The newest, while it is being written. @type {Shown | undefined} */
let newest;

/** @param {string} id @param {Shown} shown */
export async function keep(id, shown) {
	const { answer, photos } = shown;
	newest = shown;
	try {
		const pictures = await Promise.all(photos.map(({ blob }) => dataUrl(blob)));
		if (newest === shown) sessionStorage.setItem(KEY, JSON.stringify({ id, answer, pictures, chosen: shown.chosen }));
	} catch {
		forget(); // too large, or storage is forbidden: then a reload begins anew
	}
}

export function forget() {
	newest = undefined;
	try {
		sessionStorage.removeItem(KEY);
	} catch {} // nothing was kept either
}

/** @param {string} id @returns {Promise<Shown | null>} */
export async function kept(id) {
	try {
		const { id: owner, answer, pictures, chosen } = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
		if (owner !== id) return null;
		return { answer, photos: await Promise.all(pictures.map(photo)), chosen, restored: true };
	} catch {
		return null;
	}
}

/** @param {string} url a JPEG of this page's own */
function photo(url) {
	const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
	return opened(new Blob([bytes], { type: 'image/jpeg' }));
}

/** @param {Blob} blob @returns {Promise<string>} */
const dataUrl = (blob) =>
	new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result));
		reader.onerror = reject;
		reader.readAsDataURL(blob);
	});
