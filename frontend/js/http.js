/** Requests, and everything that can go wrong with them as one kind of error. */
import { language } from './i18n.js';

const PATIENCE_MS = 60_000;
const TRIES = 4;

export class Problem extends Error {
	/** @param {string} slug @param {Partial<Trouble>} [body] */
	constructor(slug, body) {
		super(slug);
		this.slug = slug;
		this.hint = body?.hint;
		this.detail = body?.detail;
		this.seconds = 0; // after which the server wants to be asked again
	}
}

/** As sent, and again where the server is only busy: a class that asks at once is answered one after the other. @type {typeof sent} */
export async function request(url, form, sending) {
	for (let left = TRIES - 1; ; left--) {
		try {
			return await sent(url, form, sending);
		} catch (error) {
			if (!(error instanceof Problem) || !error.seconds || !left) throw error;
			// Not all at the same moment.
			await new Promise((resume) => setTimeout(resume, error.seconds * 1000 * (0.5 + Math.random())));
		}
	}
}

/**
 * Gets, or posts a form; not with fetch, which cannot tell how much has been sent.
 * @param {string} url
 * @param {FormData} [form]
 * @param {{signal?: AbortSignal, onSent?: (fraction: number) => void}} [sending]
 * @returns {Promise<any>} the JSON answer
 */
const sent = (url, form, { signal, onSent } = {}) =>
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
function refusal(answer) {
	const { status, response } = answer;
	const bare = status === 413 ? 'too-large' : status === 429 ? 'too-many-requests' : 'unavailable';
	const problem = new Problem(/problem:(.+)/.exec(response?.type)?.[1] ?? bare, response);
	problem.seconds = Number(answer.getResponseHeader('Retry-After'));
	return problem;
}
