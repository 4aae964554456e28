/** Language and theme: a choice made here wins over the browser's, and is remembered. */
import { $, withProperties } from './dom.js';
import { language, onWords, t, translate } from './i18n.js';

const root = document.documentElement;

export function startSwitches() {
	$('language').onclick = () => {
		root.lang = kept('lang', language() === 'ko' ? 'en' : 'ko');
		translate();
	};
	onWords(() => withProperties($('theme'), { ariaLabel: t('theme') }));
	$('theme').onclick = () => (root.dataset.theme = kept('theme', root.dataset.theme === 'dark' ? 'light' : 'dark'));
}

/** @param {string} name @param {string} value */
function kept(name, value) {
	try {
		localStorage.setItem(name, value);
	} catch {} // storage may be forbidden: the choice then lasts as long as the page
	return value;
}
