/** The wall of portraits on the first page, with an empty frame for the visitor. */
import { people } from './api.js';
import { $, h } from './dom.js';
import { onWords, t } from './i18n.js';
import { frame, framed } from './portraits.js';

const FRAMES = 12;

/** Empty frames first, so that nothing moves when the portraits come. */
export async function hangWall() {
	const spots = Array.from({ length: FRAMES }, () => h('span', { className: 'spot' }, frame('')));
	spots.forEach((spot, index) => spot.style.setProperty('--turn', String(index % 8)));
	$('wall').append(...spots);
	const answer = await people().catch(() => null); // only scenery: a visitor who asks is told what is wrong
	if (!answer) return;
	const tell = () => ($('gallery').textContent = t('footer.gallery', answer.gallery));
	onWords(tell);
	tell();
	const order = answer.people.map((person) => ({ person, place: Math.random() })).sort((a, b) => a.place - b.place);
	spots.forEach((spot, index) => order[index] && spot.replaceChildren(framed(order[index].person)));
}

/** Shows the visitor's photo in the empty frame. @param {Photo} [photo] */
export function reflect(photo) {
	if ($('mirror').firstChild !== photo?.canvas) $('mirror').replaceChildren(photo?.canvas ?? '?');
}
