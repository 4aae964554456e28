/** The best match: the visitor and the portrait, the percentage as a seal between them, and what is to be said of it. */
import { button, div, h, picture, title } from './dom.js';
import { faceIn } from './frame.js';
import { about, galleryFacts } from './gallery.js';
import { closer, inLanguage, spoken, t, whole } from './i18n.js';
import { forget } from './keep.js';
import { frame, framed, ring, touchable } from './portraits.js';
import { calm, countUp } from './reveal.js';
import { go, now, unlessLeft } from './state.js';

/** @param {Face} face @param {Canvas} photo @param {Shown} shown */
export function bestMatch(face, photo, shown) {
	const [best, second] = face.matches;
	if (!best) return div('duo', title(t('empty')));
	const { canvas, zoom } = faceIn(photo, face, 600);
	const portrait = framed(best.person, inLanguage(best.person.name), 'large');
	portrait.style.setProperty('--zoom', String(zoom));
	const seal = ring(best.percent);
	const arriving = !shown.revealed && !calm();
	if (arriving) countUp(/** @type {Element} */ (seal.firstElementChild), best.percent);
	shown.revealed = true;
	return div(
		`duo best-of ${face.verdict} ${arriving ? 'arriving' : ''}`,
		div('headline', title(t(`verdict.${face.verdict}`)), h('p', { className: 'lead' }, t(`lead.${face.verdict}`, { second: second && inLanguage(second.person.name) }))),
		div('pair', frame(picture(canvas, t('you'))), touchable(best.person, portrait), seal),
		label(best, face.verdict),
		div(
			'taps',
			button('share', t('share'), async () => (await unlessLeft(import('./share.js')))?.shareMatch(canvas, zoom, face), 'main'),
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

/** Name, work and department, and how near this is here. @param {Match} match @param {Face['verdict']} verdict */
function label({ person, ...match }, verdict) {
	const { research, others } = about(person);
	const line = standing(match, verdict);
	return div(
		'label',
		spoken('b', inLanguage(person.name)),
		research && spoken('i', `“${research}”`),
		spoken('small', others.join(' · ')),
		line && h('p', {}, line),
	);
}

/** How near, among the people of this gallery. @param {Pick<Match, 'closer_than' | 'closer_than_nearest'>} match @param {Face['verdict']} verdict */
export function standing({ closer_than, closer_than_nearest: nearest = 0 }, verdict) {
	const { median_pair: pair, median_nearest: next } = galleryFacts() ?? {};
	if (verdict !== 'none' && nearest >= 10) return t('standing.nearest', { percent: closer(nearest) });
	if (verdict !== 'none' && closer_than >= 50) return t('standing.pairs', { percent: closer(closer_than) });
	if (verdict === 'strong') return t('standing.apart'); // strong for standing out from how alike this face is to all others
	return pair && next ? t('standing.short', { pair: whole(pair), next: whole(next) }) : '';
}
