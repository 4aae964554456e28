/** The best match: the visitor and the portrait in two frames, the percentage as a seal between them. */
import { button, div, h, picture, title } from './dom.js';
import { closer, t } from './i18n.js';
import { cut } from './photo.js';
import { frame, framed, ring } from './portraits.js';
import { share } from './share.js';

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
    div('label', h('b', {}, person.name), h('span', {}, person.department), h('p', {}, closer(best.closer_than))),
    div(
      'taps',
      button('share', t('share'), () => share(you, portrait.querySelector('img'), best), 'main'),
      button('again', t('again'), () => (location.hash = 'find')),
    ),
  );
}
