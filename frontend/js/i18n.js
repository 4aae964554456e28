/** Words and numbers in the language of <html lang>. */
import en from './words/en.js';
import ko from './words/ko.js';

export const language = () => document.documentElement.lang;

/** The text of a word, with {names} filled in. @param {Word} word @param {Record<string, unknown>} [values] */
export const t = (word, values) =>
	(language() === 'ko' ? ko : en)[word].replace(/\{(\w+)\}/g, (_, name) => String(values?.[name]));

/** The texts of those words that this page knows. @param {string[]} words */
export const texts = (words) => words.filter((word) => word in en).map((word) => t(/** @type {Word} */ (word)));

/** 65.52 → "65.5%". @param {number} value */
export const percent = (value) =>
	new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(value / 100);

/** @param {number} value */
export const alike = (value) => t('alike', { percent: percent(value) });

/** Rounded down, so as never to say too much. @param {number} share percent of all pairs */
export function closer(share) {
	const step = share < 99 ? 1 : 10;
	return share < 50 ? t('farther') : t('closer', { percent: percent(Math.floor(share * step) / step) });
}

/** Fills what is marked data-t, and tells those who draw for themselves. */
export function translate() {
	for (const element of document.querySelectorAll('[data-t]')) {
		const word = /** @type {Word} */ (element.getAttribute('data-t'));
		(element.lastChild ?? element).textContent = t(word); // its first child may be an icon
	}
	dispatchEvent(new Event('words'));
}

/** Draws whenever the language changes. @param {Do} draw */
export const onWords = (draw) => addEventListener('words', draw);
