/** Failures in words that help, with the one thing to do next. */
import { button, div, h, title } from './dom.js';
import { t, texts } from './i18n.js';

/** The server's own words where the page has none. @param {Trouble} trouble */
export const explain = ({ slug, hint = '', detail }) => texts([slug, hint]).join(' ') || detail || t('internal');

/** @param {Trouble} trouble @param {Do} retry for what passes @param {Do} [another] with another photo */
export const failure = (trouble, retry, another) => [
  title(t('problem')),
  h('p', { className: 'lead' }, explain(trouble)),
  div(
    'taps',
    /^(offline|network|too-many-requests|unavailable|internal)$/.test(trouble.slug) &&
      button('again', t('retry'), retry, 'main'),
    another && button('picture', t('library'), another),
  ),
];
