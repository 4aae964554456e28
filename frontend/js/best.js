/** The best match: the visitor and the portrait, the percentage as a seal between them. */
import { people } from './api.js';
import { button, div, h, picture, title } from './dom.js';
import { closer, t } from './i18n.js';
import { forget } from './keep.js';
import { cut } from './photo.js';
import { frame, framed, ring } from './portraits.js';
import { share } from './share.js';
import { go, now } from './state.js';

/** @param {Face} face @param {Canvas} photo */
export function bestMatch({ matches: [best], box }, photo) {
	if (!best) return div('duo', title(t('empty')));
	const { person, strong } = best;
	const you = picture(cut(photo, box, 384, 480), t('you'));
	const portrait = framed(person, person.name);
	return div(
		strong ? 'duo' : 'duo weak',
		title(t(strong ? 'best' : 'weak')),
		!strong && h('p', { className: 'lead' }, t('weak.lead')),
		div('pair', frame(you), portrait, ring(best.percent)),
		label(best),
		div(
			'taps',
			button('share', t('share'), () => share(you, portrait.querySelector('img'), best), 'main'),
			button('again', t('again'), anew),
		),
	);
}

/** Another photo; this one is forgotten. */
function anew() {
	now().data.forgotten = true;
	forget();
	go('home');
}

/** Name, department and whatever else the gallery tells of a person. @param {Match} match */
function label({ person: { id, name, department }, closer_than }) {
	const more = h('small');
	people().then((gallery) => {
		const { metadata = {} } = gallery.people.find((person) => person.id === id) ?? {};
		more.textContent = Object.values(metadata).join('\n');
	}, console.warn);
	return div('label', h('b', {}, name), department, more, h('p', {}, closer(closer_than)));
}
