/** Everybody in the gallery, by department, with search. */
import { people } from './api.js';
import { $, div, h, title } from './dom.js';
import { t } from './i18n.js';
import { framed } from './portraits.js';
import { failure } from './problem.js';
import { now, redraw } from './state.js';

/** @type {Page} */
export const everybody = {
	title: 'nav.people',
	async draw(data) {
		try {
			draw(await people(), data);
		} catch (error) {
			$('people').replaceChildren(div('sheet', ...failure(error, redraw)));
		}
	},
};

/** @param {Gallery} gallery @param {{query?: string}} data */
function draw({ people: all, gallery }, data) {
	const count = h('p', { className: 'soft', role: 'status' });
	const departments = [...new Set(all.map(({ department }) => department))];
	const rooms = departments.map((name) => room(name, all.filter(({ department }) => department === name)));
	const search = h('input', { type: 'search', placeholder: t('search'), ariaLabel: t('search'), value: data.query ?? '' });
	const seek = () => {
		now().data.query = search.value;
		count.textContent = filter(rooms, folded(search.value.trim()));
	};
	search.oninput = seek;
	if (all[0]) seek();
	else count.textContent = t('count', { count: gallery.people });
	$('people').replaceChildren(div('sheet', title(t('nav.people')), search, count, ...rooms));
}

/** @param {string} name @param {Person[]} persons */
const room = (name, persons) =>
	h(
		'section',
		{},
		h('h2', {}, name),
		h('ul', { className: 'hall' }, ...persons.map((person) => h('li', {}, framed(person), person.name))),
	);

/** Leaves those who match. @param {HTMLElement[]} rooms @param {string} query */
function filter(rooms, query) {
	let count = 0;
	for (const section of rooms) {
		const department = section.querySelector('h2')?.textContent;
		for (const item of section.querySelectorAll('li')) {
			item.hidden = !folded(`${item.textContent} ${department}`).includes(query);
		}
		const left = section.querySelectorAll('li:not([hidden])').length;
		section.hidden = !left;
		count += left;
	}
	return count ? t('count', { count }) : t('nobody');
}

/** Accents and case make no difference to a search. @param {string} text */
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
