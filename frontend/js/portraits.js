/** How people hang on the wall: a framed portrait, and a percentage as a ring. */
import { portraitUrl } from './api.js';
import { h, once } from './dom.js';
import { alike, inLanguage, whole } from './i18n.js';
import { unlessLeft } from './state.js';

/** @param {Child} child */
export const frame = (child) => h('span', { className: 'frame' }, child);

/** @param {Person} person @param {string} [alt] empty where the name stands beside it @param {'small' | 'large'} [size] */
export const framed = ({ name, portrait }, alt = '', size = 'small') =>
	frame(portrait ? h('span', { className: 'inner' }, image(portrait, alt, size)) : [...inLanguage(name)][0]);

/** What shows a person leads to their card. @param {Person} person @param {...Child} children */
export const touchable = (person, ...children) => h('button', { className: 'plain', onclick: once(() => card(person)) }, ...children);

/** The person touched last: what loads does not come in the order asked. @type {Person | undefined} */
let touched;

/** @param {Person} person */
export async function card(person) {
	touched = person;
	const found = await unlessLeft(import('./person.js'));
	if (touched === person) found?.showPerson(person);
}

const PATIENCE_MS = 1500;

/** A portrait that is about to be shown is loaded first, if that is soon done. @param {Person} [person] */
export const atHand = (person) =>
	Promise.race([
		person?.portrait ? image(person.portrait, '', 'large').decode().catch(() => {}) : undefined,
		new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
	]);

/** @param {string} portrait @param {string} alt @param {'small' | 'large'} size */
function image(portrait, alt, size) {
	const large = portraitUrl(portrait);
	const small = portraitUrl(portrait.replace(/\.jpg$/, '-small.jpg'));
	const picture = h('img', { alt, crossOrigin: '', loading: size === 'small' ? 'lazy' : 'eager' });
	picture.onerror = () => {
		picture.onerror = null;
		picture.srcset = ''; // a gallery from before there were small ones
		picture.src = large;
	};
	picture.sizes = size === 'small' ? '96px' : '(max-width: 30rem) 42vw, 14rem';
	picture.srcset = `${small} 192w, ${large} 512w`;
	picture.src = small;
	return picture;
}

/** @param {number} value 0 … 100 */
export function ring(value, className = '') {
	const seal = h('span', { className: `ring ${className}`, role: 'img', ariaLabel: alike(value) });
	seal.style.setProperty('--value', `${value}%`);
	seal.append(h('b', { ariaHidden: 'true' }, whole(value)));
	return seal;
}
