/** The wall of portraits on the first page, with an empty frame for the visitor. */
import { $ } from './dom.js';
import { everybody } from './gallery.js';
import { onWords, t } from './i18n.js';
import { card, framed } from './portraits.js';

/** Into the empty frames that hang there already, so that nothing moves. */
export async function hangWall() {
	const spots = [...$('wall').querySelectorAll('.spot')];
	spots.forEach((spot, index) => /** @type {HTMLElement} */ (spot).style.setProperty('--turn', String(index % 8)));
	const answer = await everybody().catch(() => null); // only scenery: a visitor who asks is told what is wrong
	if (!answer) return;
	const tell = () => ($('gallery').textContent = t('footer.gallery', answer.gallery));
	onWords(tell);
	tell();
	const order = answer.people.map((person) => ({ person, place: Math.random() })).sort((a, b) => a.place - b.place);
	for (const [index, spot] of spots.entries()) {
		const person = order[index]?.person;
		if (!person) continue;
		spot.replaceChildren(framed(person));
		spot.addEventListener('click', () => card(person)); // for the keyboard, the gallery has them all
	}
}

/** Shows the visitor's photo in the empty frame. @param {Photo} [photo] */
export function reflect(photo) {
	if ($('mirror').firstChild !== photo?.canvas) $('mirror').replaceChildren(photo?.canvas ?? '?');
}
