/** Everybody in the gallery, by department, with search. */
import { $, div, h, title } from './dom.js';
import { about, everybody } from './gallery.js';
import { inLanguage, spoken, t } from './i18n.js';
import { framed, touchable } from './portraits.js';
import { failure } from './problem.js';
import { redraw } from './state.js';

/** @param {{query?: string}} data */
export async function draw(data) {
	try {
		hang(await everybody(), data);
	} catch (error) {
		$('people').replaceChildren(div('sheet', ...failure(error, redraw)));
	}
}

/** @param {Gallery} gallery @param {{query?: string}} data */
function hang({ people: all, gallery }, data) {
	const count = h('p', { className: 'soft', role: 'status' });
	const departments = [...new Set(all.map(({ department }) => department))];
	const rooms = departments.map((name) => room(name, all.filter(({ department }) => department === name)));
	const search = h('input', { type: 'search', placeholder: t('search'), ariaLabel: t('search'), value: data.query ?? '' });
	const seek = () => {
		data.query = search.value;
		count.textContent = filter(rooms, folded(search.value.trim()));
	};
	search.oninput = seek;
	if (all[0]) seek();
	else count.textContent = t('count', { count: gallery.people });
	$('people').replaceChildren(div('sheet', title(t('nav.people')), search, count, ...rooms));
}

/** @param {string} name @param {Gallery['people']} persons */
const room = (name, persons) =>
	h(
		'section',
		{},
		spoken('h2', inLanguage(name)),
		h('ul', { className: 'hall' }, ...persons.map((person) => item(person))),
	);

/** With all that one may search for, in both languages. @param {Gallery['people'][0]} person */
function item(person) {
	const { research } = about(person);
	const entry = h('li', {}, touchable(person, framed(person), spoken('b', inLanguage(person.name)), spoken('small', research)));
	entry.dataset.words = folded([person.name, person.department, ...Object.values(person.metadata)].join(' '));
	return entry;
}

/** Leaves those who match. @param {HTMLElement[]} rooms @param {string} query */
function filter(rooms, query) {
	let count = 0;
	for (const section of rooms) {
		for (const item of section.querySelectorAll('li')) {
			item.hidden = !item.dataset.words?.includes(query);
		}
		const left = section.querySelectorAll('li:not([hidden])').length;
		section.hidden = !left;
		count += left;
	}
	return count ? t('count', { count }) : t('nobody');
}

/** Accents and case make no difference to a search. @param {string} text */
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
