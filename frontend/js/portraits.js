/** How people hang on the wall: a framed portrait, and a percentage as a ring. */
import { portraitUrl } from './api.js';
import { h } from './dom.js';
import { alike, percent } from './i18n.js';

/** @param {Child} child */
export const frame = (child) => h('span', { className: 'frame' }, child);

/** @param {Person} person @param {string} [alt] empty where the name stands beside it */
export const framed = ({ name, portrait }, alt = '') =>
	frame(portrait ? h('img', { alt, loading: 'lazy', crossOrigin: '', src: portraitUrl(portrait) }) : [...name][0]);

/** @param {number} value 0 … 100 */
export function ring(value, className = '') {
	const seal = h('span', { className: `ring ${className}`, role: 'img', ariaLabel: alike(value) });
	seal.style.setProperty('--value', `${value}%`);
	seal.append(h('b', { ariaHidden: 'true' }, percent(value)));
	return seal;
}
