/** The files that an answer on the device needs: fetched once, counted while they come, checked by their hash. */

/** A file is not what the page's operator published; the message names it. */
export class Damaged extends Error {}

/** Fetches all of them, telling the share that is there by the bytes they hold; compressed, fewer come over the line. */
export class Files {
	/** @param {URL} base @param {DeviceFile[]} all @param {(share: number) => void} tell */
	constructor(base, all, tell) {
		this.base = base;
		this.tell = tell;
		this.bytes = all.reduce((sum, { bytes }) => sum + bytes, 0);
		this.come = 0;
	}

	/** @param {DeviceFile} file */
	url({ url }) {
		return new URL(url, this.base).href;
	}

	/** @param {DeviceFile} file @throws {Damaged} */
	async get(file) {
		const answer = await fetch(this.url(file));
		if (!answer.ok || !answer.body) throw new Damaged(file.url);
		const content = new Uint8Array(file.bytes);
		const reader = answer.body.getReader();
		let length = 0;
		for (let { value } = await reader.read(); value; { value } = await reader.read()) {
			if (length + value.length > file.bytes) throw new Damaged(file.url);
			content.set(value, length);
			length += value.length;
			this.tell((this.come += value.length) / this.bytes);
		}
		if (length !== file.bytes || !(await isHashed(content, file.sha256))) throw new Damaged(file.url);
		return content;
	}
}

/** Browsers hash for pages from secure places only; elsewhere the length and the golden answers have to do. */
async function isHashed(/** @type {Uint8Array<ArrayBuffer>} */ content, /** @type {string} */ sha256) {
	if (!globalThis.crypto.subtle) return true;
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
