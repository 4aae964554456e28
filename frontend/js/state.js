/** Where the visitor is: one state at a time, each with its entry in the browser's history; every page is drawn from here. */
import { keepingFocus } from './dom.js';
import { t } from './i18n.js';

/** @type {Record<StateName, Page>} */
let pages;
/** The states of this visit by the id in their history entry. @type {Map<string, State>} */
const visited = new Map();
let count = 0;
let current = made('home');

/** @param {StateName} name @returns {State} */
function made(name, data = {}, id = `${performance.timeOrigin}.${++count}`) {
	return { id, name, data, scroll: 0 };
}

/** @returns {State} */
export const now = () => current;

/** A step further: an entry of its own. @param {StateName} name @param {any} [data] */
export const go = (name, data) => enter(made(name, data), 'pushState');

/** What the step has led to, in the same entry: thinking becomes an answer. @param {StateName} name @param {any} [data] */
export const become = (name, data) => enter(made(name, data, current.id), 'replaceState');

/** Something new about a state, which is drawn again if it is still on the screen. @param {State} state @param {any} news */
export function tell(state, news) {
	Object.assign(state.data, news);
	if (state.data === current.data) redraw(); // two entries may share a comparison
}

/** What was waited for, or nothing when the visitor has gone on meanwhile. @template T @param {Promise<T>} awaited */
export async function unlessLeft(awaited) {
	const here = current;
	const found = await awaited;
	return here === current ? found : undefined;
}

/** Where the visitor was last by that name. @param {StateName} name */
export const last = (name) => [...visited.values()].reverse().find((state) => state.name === name);

/** As it is, for another language. */
export const redraw = () => show(false);

/** @param {Record<StateName, Page>} all */
export function startStates(all) {
	pages = all;
	history.scrollRestoration = 'manual';
	addEventListener('popstate', ({ state: entry }) => arrive(entry));
	addEventListener('pagehide', () => history.replaceState({ ...history.state, scroll: scrollY }, ''));
	return arrive(history.state, true);
}

/** An entry without a state was made by a link or a typed address. @param {any} entry @param {boolean} [first] */
async function arrive(entry, first) {
	const from = current;
	const next = entry?.id ? (visited.get(entry.id) ?? (await revived(entry))) : addressed();
	if (from === current) enter(next, 'replaceState', first); // else the visitor was quicker
}

/** After a reload only what the page has kept is left. @param {{id: string, name: StateName, scroll?: number}} entry */
async function revived({ id, name, scroll = 0 }) {
	const { restore } = pages[name] ?? pages.home;
	const data = restore ? await restore(id) : {};
	return data ? Object.assign(made(name, data, id), { scroll }) : made('home');
}

/** Compare and gallery go on where they were left. */
function addressed() {
	const name = /** @type {StateName} */ (location.hash.slice(2));
	if (current.name === name) return current;
	const before = last(name);
	if (before) return made(name, before.data);
	return made(name in pages && !pages[name].restore ? name : 'home');
}

/** @param {State} next @param {'pushState' | 'replaceState'} how @param {boolean} [first] */
function enter(next, how, first) {
	if (next !== current) {
		const { leave, passing } = pages[current.name];
		current.scroll = scrollY;
		leave?.(current.data);
		for (const dialog of document.querySelectorAll('dialog')) dialog.close?.(); // what lies over a page goes with it
		if (passing) visited.delete(current.id);
	}
	current = next;
	visited.set(next.id, next);
	const { id, name, scroll } = next;
	history[how]({ id, name, scroll }, '', name === 'home' ? '#/find' : `#/${name}`);
	return show(true, first);
}

/** @param {boolean} arriving @param {boolean} [first] */
async function show(arriving, first) {
	const here = current;
	const { name, data, scroll } = here;
	document.body.className = name;
	for (const part of document.querySelectorAll('[data-state]')) {
		/** @type {HTMLElement} */ (part).hidden = !named(part, 'data-state').includes(name);
	}
	for (const link of document.querySelectorAll('nav a')) {
		link.setAttribute('aria-current', named(link, 'data-for').includes(name) ? 'page' : 'false');
	}
	document.title = `${t(pages[name].title)} · ${t('name')}`;
	if (!arriving) return keepingFocus(() => pages[name].draw(data, false));
	await pages[name].draw(data, true);
	if (here !== current) return;
	scrollTo(0, scroll);
	if (!first || name === 'answer') document.querySelector('main')?.querySelectorAll('h1').forEach(focused);
}

/** @param {HTMLElement} title the one on the screen */
const focused = (title) => title.offsetParent && title.focus({ preventScroll: true });

/** @param {Element} element @param {string} attribute */
const named = (element, attribute) => String(element.getAttribute(attribute)).split(' ');
