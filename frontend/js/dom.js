/** Small helpers for building the page. */

/** The page is broken without it. @param {string} id */
export const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Builds an element: `h('p', {className: 'soft'}, 'text', child)`. Falsy children are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties, ...children) {
	const element = withProperties(document.createElement(tag), properties);
	for (const child of children) if (child) element.append(child);
	return element;
}

/**
 * Sets properties. Chrome before 103 and Firefox before 119 know roles and names only as attributes.
 * @template {HTMLElement} E @param {E} element @param {Partial<E>} [properties] @returns {E}
 */
export function withProperties(element, properties = {}) {
	for (const [name, value] of Object.entries(properties)) {
		if (/^(role$|aria[A-Z])/.test(name)) element.setAttribute(name.replace('aria', 'aria-').toLowerCase(), String(value));
	}
	return Object.assign(element, properties);
}

/** @param {string} className @param {...Child} children */
export const div = (className, ...children) => h('div', { className }, ...children);

/** One of the page's own icons. @param {string} name */
export const icon = (name) =>
	h('span', { className: 'icon', innerHTML: `<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#i-${name}"/></svg>` });

/** @param {string} name of its icon @param {string} text @param {Do} act */
export const button = (name, text, act, className = '') =>
	h('button', { className, onclick: once(act) }, name && icon(name), text);

export const DOUBLE_TAP_MS = 400;

/** A double tap in the same place is one tap. @param {Do} act @returns {(event: MouseEvent) => void} */
export function once(act) {
	let last = -Infinity;
	let place = '';
	return ({ timeStamp }) => {
		if (timeStamp - last > DOUBLE_TAP_MS || place !== history.state?.id) act();
		last = timeStamp;
		place = history.state?.id;
	};
}

/** How much is done, where that is known. @param {Element | null} bar @param {Word} word for what is being done @param {number} fraction */
export const showProgress = (bar, word, fraction) =>
	word === 'send' || word === 'device.load' ? bar?.setAttribute('value', String(fraction)) : bar?.removeAttribute('value');

/** Takes the focus when its page comes. @param {string} text */
export const title = (text) => h('h1', { tabIndex: -1 }, text);

/** With an alternative text. @param {Canvas} canvas @param {string} ariaLabel */
export const picture = (canvas, ariaLabel) => withProperties(canvas, { role: 'img', ariaLabel });

/** Tells screen readers. @param {string} text */
export const say = (text) => ($('status').textContent = text);

/** What is drawn anew has the focus where it was, and its details as open as before. @param {() => unknown} draw */
export async function keepingFocus(draw) {
	const page = /** @type {HTMLElement} */ (document.querySelector('main'));
	const open = [...page.querySelectorAll('details')].map((details) => details.open);
	const place = page.contains(document.activeElement) ? placeOf(document.activeElement, page) : null;
	await draw();
	page.querySelectorAll('details').forEach((details, index) => (details.open = open[index] ?? false));
	let found = /** @type {Element | undefined} */ (page);
	for (const index of place ?? []) found = found?.children[index];
	if (place) /** @type {HTMLElement | undefined} */ (found)?.focus({ preventScroll: true });
}

/** Which child of which child. @param {Element | null} element @param {Element} root @returns {number[]} */
const placeOf = (element, root) =>
	!element?.parentElement || element === root
		? []
		: [...placeOf(element.parentElement, root), [...element.parentElement.children].indexOf(element)];
