/** How far to trust an answer: advice on the photo, the mirror check, each photo on its own. */
import { h } from './dom.js';
import { t, texts } from './i18n.js';

/** @param {Answer} answer @param {Face} face */
export function* notes({ photos }, { warnings, mirror }) {
  const lines = texts(warnings);
  if (mirror && !mirror.stable) lines.push(t('mirror.turned', mirror.person));
  if (lines[0]) yield h('ul', { className: 'notes' }, ...lines.map((line) => h('li', {}, line)));
  if (!photos) return;
  yield h('h2', {}, t('several', { count: photos.length }));
  yield h('ol', {}, ...photos.map(({ winner }) => h('li', {}, winner?.name ?? t('no-face'))));
}
