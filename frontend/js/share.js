/** Passing an answer on: through the share sheet where there is one, else as a download. */
import { drawCard } from './card.js';
import { h, say } from './dom.js';
import { percent, t } from './i18n.js';

/** @param {Canvas} you @param {HTMLImageElement | null} portrait @param {Match} match */
export async function share(you, portrait, match) {
	await portrait?.decode(); // it may still be on its way
	const file = new File([await drawCard(you, portrait, match)], `${t('name')}.png`, { type: 'image/png' });
	const text = t('share.text', { ...match.person, percent: percent(match.percent) });
	const parcel = { files: [file], text: `${text} ${location.origin}${location.pathname}` };
	if (!navigator.canShare?.(parcel)) return save(file);
	return navigator.share(parcel).catch((error) => error.name === 'AbortError' || save(file)); // aborted by the person
}

/** @param {File} file */
function save(file) {
	const link = h('a', { href: URL.createObjectURL(file), download: file.name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the download may still be reading it
	say(t('saved'));
}
