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
	const element = Object.assign(document.createElement(tag), properties);
	for (const child of children) if (child) element.append(child);
	return element;
}

/** @param {string} className @param {...Child} children */
export const div = (className, ...children) => h('div', { className }, ...children);

/** One of the page's own icons. @param {string} name */
export const icon = (name) =>
	h('span', { className: 'icon', innerHTML: `<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#i-${name}"/></svg>` });

/** @param {string} name of its icon @param {string} text @param {Do} onclick */
export const button = (name, text, onclick, className = '') => h('button', { className, onclick }, icon(name), text);

/** Takes the focus when its page comes. @param {string} text */
export const title = (text) => h('h1', { tabIndex: -1 }, text);

/** With an alternative text. @param {Canvas} canvas @param {string} ariaLabel */
export const picture = (canvas, ariaLabel) => Object.assign(canvas, { role: 'img', ariaLabel });

/** Tells screen readers. @param {string} text */
export const say = (text) => ($('status').textContent = text);
