/** Requests, and everything that can go wrong with them as one kind of error. */
import { language } from './i18n.js';

const PATIENCE_MS = 60_000;

export class Problem extends Error {
	/** @param {string} slug @param {Partial<Trouble>} [body] */
	constructor(slug, body) {
		super(slug);
		this.slug = slug;
		this.hint = body?.hint;
		this.detail = body?.detail;
	}
}

/**
 * Gets, or posts a form; not with fetch, which cannot tell how much has been sent.
 * @param {string} url
 * @param {FormData} [form]
 * @param {{signal?: AbortSignal, onSent?: (fraction: number) => void}} [sending]
 * @returns {Promise<any>} the JSON answer
 */
export const request = (url, form, { signal, onSent } = {}) =>
	new Promise((resolve, reject) => {
		if (signal?.aborted) return reject(new DOMException('', 'AbortError'));
		const xhr = new XMLHttpRequest();
		signal?.addEventListener('abort', () => xhr.abort());
		xhr.open(form ? 'POST' : 'GET', url);
		xhr.timeout = PATIENCE_MS;
		xhr.responseType = 'json';
		xhr.setRequestHeader('Accept-Language', language());
		xhr.upload.onprogress = ({ loaded, total }) => onSent?.(loaded / total);
		xhr.onabort = () => reject(new DOMException('', 'AbortError'));
		xhr.onerror = xhr.ontimeout = () => reject(new Problem(navigator.onLine ? 'network' : 'offline'));
		xhr.onload = () => (xhr.status < 300 && xhr.response ? resolve(xhr.response) : reject(refusal(xhr)));
		xhr.send(form);
	});

/** @param {XMLHttpRequest} answer a gateway's has no problem document */
function refusal({ status, response }) {
	const bare = status === 413 ? 'too-large' : status === 429 ? 'too-many-requests' : 'unavailable';
	return new Problem(/problem:(.+)/.exec(response?.type)?.[1] ?? bare, response);
}
