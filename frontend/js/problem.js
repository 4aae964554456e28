/** Failures in words that help, with the one thing to do next. */
import { sendInstead } from './device_switch.js';
import { button, div, h, title } from './dom.js';
import { Problem } from './http.js';
import { t, texts } from './i18n.js';

const PASSING = /^(device-failed|offline|network|too-many-requests|unavailable|internal)$/;

/** What nobody foresaw is our own fault. @param {unknown} error */
function named(error) {
	if (error instanceof Problem) return error;
	console.error(error);
	return new Problem('internal');
}

/** In the server's own words where the page has none. @param {unknown} error */
export function explain(error) {
	const { slug, hint = '', detail } = named(error);
	return texts([slug, hint]).join(' ') || detail || t('internal');
}

/** What may be gone at the next try. @param {unknown} error */
export const passes = (error) => PASSING.test(named(error).slug);

/** @param {unknown} error @param {Do} retry for what passes @param {Do} [another] with another photo */
export const failure = (error, retry, another) => [
	title(t('problem')),
	h('p', { className: 'lead' }, explain(error)),
	div(
		'taps',
		passes(error) && button('again', t('retry'), retry, 'main'),
		named(error).slug === 'device-failed' && button('share', t('device.send'), sendInstead(retry)),
		another && button('picture', t('library'), another),
	),
];
