/** Words and numbers in the language of <html lang>. */
import { h } from './dom.js';
import en from './words/en.js';
import ko from './words/ko.js';

export const language = () => document.documentElement.lang;

/** The text of a word, with {names} filled in. @param {Word} word @param {Record<string, unknown>} [values] */
export const t = (word, values) =>
	(language() === 'ko' ? ko : en)[word].replace(/\{(\w+)\}/g, (_, name) => String(values?.[name]));

/** The texts of those words that this page knows. @param {string[]} words */
export const texts = (words) => words.filter((word) => word in en).map((word) => t(/** @type {Word} */ (word)));

/** 65.5 → "65.5%". @param {number} value */
export const percent = (value) =>
	new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(value / 100);

/** As people say it. @param {number} value */
export const whole = (value) => percent(Math.round(value));

/** @param {number} value */
export const alike = (value) => t('alike', { percent: whole(value) });

/** Rounded down, so as never to say too much; with a digit where it tells. @param {number} share */
export const closer = (share) => percent(share < 99 ? Math.floor(share) : Math.floor(share * 10) / 10);

const HANGUL = /[\uac00-\ud7a3]/;

/** "고한울 (Hanul Ko)" in the reader's language, where a text has both. @param {string} text */
export function inLanguage(text) {
	const [, one, other] = /^(.+?) \((.+)\)$/.exec(text) ?? [];
	if (!one || !other || HANGUL.test(one) === HANGUL.test(other)) return text;
	return HANGUL.test(one) === (language() === 'ko') ? one : other;
}

/** Words of the gallery's own, marked where they are not in the page's language. @param {keyof HTMLElementTagNameMap} tag @param {string} text */
export const spoken = (tag, text) => h(tag, text && HANGUL.test(text) !== (language() === 'ko') ? { lang: HANGUL.test(text) ? 'ko' : 'en' } : {}, text);

/** Fills what is marked data-t, and tells those who draw for themselves. */
export function translate() {
	for (const element of document.querySelectorAll('[data-t]')) {
		const word = /** @type {Word} */ (element.getAttribute('data-t'));
		element.querySelectorAll('[lang]').forEach((text) => text.remove()); // of before the scripts came
		if (element.lastChild?.nodeType !== Node.TEXT_NODE) element.append('');
		/** @type {ChildNode} */ (element.lastChild).textContent = t(word); // its first child may be an icon
	}
	dispatchEvent(new Event('words'));
}

/** Draws whenever the language changes. @param {Do} draw */
export const onWords = (draw) => addEventListener('words', draw);

/** What two faces show by the network's own rule, where it has one. @param {Comparison} result @returns {Word} */
export const samePerson = ({ same_person }) => (same_person === null ? 'noRule' : same_person ? 'same' : 'different');
