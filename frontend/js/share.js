/** Passing an answer on: first the card to see, then the ways that this browser has; each says what it has done. */
import { portraitUrl } from './api.js';
import { drawCard } from './card.js';
import { button, div, h } from './dom.js';
import { openDialog } from './dialog.js';
import { about } from './gallery.js';
import { inLanguage, samePerson, t, whole } from './i18n.js';

/** @param {Canvas} you @param {number} zoom @param {Face} face */
export function shareMatch(you, zoom, { verdict, matches: [best, ...others] }) {
	const { person, percent } = /** @type {Match} */ (best);
	const name = inLanguage(person.name);
	const { research, others: facts } = about(person);
	return share({
		title: t(`verdict.${verdict}`),
		you,
		other: person.portrait && portraitUrl(person.portrait),
		zoom,
		percent,
		name,
		line: research ? `“${research}”` : facts.join(' · '),
		next: others.slice(0, 2).map((match) => `${inLanguage(match.person.name)} ${whole(match.percent)}`),
		text: t('share.text', { name, percent: whole(percent) }),
	});
}

/** @param {Canvas} [a] @param {Canvas} [b] @param {Comparison} [result] */
export function shareComparison(a, b, result) {
	if (!a || !b || !result) return;
	const { percent } = result;
	const name = t(samePerson(result));
	return share({ title: t('compare'), you: a, other: b, zoom: 1, percent, name, line: '', next: [], text: t('share.compared', { percent: whole(percent) }) });
}

/** @param {Card & {text: string}} card */
async function share(card) {
	const picture = h('img', { alt: t('share.card'), className: 'card', width: 1080, height: 1350 });
	const told = h('p', { className: 'told', role: 'status' });
	const ways = div('taps');
	const close = () => dialog.close();
	const dialog = openDialog(h('h2', { id: 'sheet' }, t('share.title')), picture, told, ways, button('', t('close'), close));
	const blob = await drawCard(card);
	if (!dialog.isConnected) return;
	const url = URL.createObjectURL(blob);
	dialog.addEventListener('close', () => URL.revokeObjectURL(url));
	picture.src = url;
	const tell = (/** @type {Word} */ word) => (told.textContent = t(word));
	ways.append(...offers(new File([blob], `${t('name')}.jpg`, { type: 'image/jpeg' }), url, card.text, tell));
	told.textContent = matchMedia('(pointer: coarse)').matches ? t('share.press') : '';
}

/** @param {File} file @param {string} url @param {string} words @param {(word: Word) => void} tell */
function* offers(file, url, words, tell) {
	const link = location.origin + location.pathname;
	const parcel = { files: [file], text: `${words} ${link}` };
	const done = (/** @type {Promise<unknown>} */ way, /** @type {Word} */ word) => way.then(() => tell(word), (error) => error.name === 'AbortError' || tell('share.failed'));
	if (navigator.canShare?.(parcel)) yield button('share', t('share.send'), () => done(navigator.share(parcel), 'shared'), 'main');
	yield button('save', t('share.save'), () => {
		h('a', { href: url, download: file.name }).click();
		tell('saved');
	});
	yield button('link', t('share.link'), () => done(copied(`${words} ${link}`), 'copied'));
	if (window.ClipboardItem) yield button('picture', t('share.picture'), () => done(copiedPicture(file), 'copied.picture'));
}

/** @param {string} text */
const copied = async (text) => navigator.clipboard.writeText(text);

/** Clipboards take PNG only. Safari wants the item while the tap is fresh; Chrome before 97, only a picture that is ready. @param {File} file */
async function copiedPicture(file) {
	const png = asPng(file);
	const item = (/** @type {Blob | Promise<Blob>} */ picture) => new ClipboardItem({ 'image/png': picture });
	let ready;
	try {
		ready = item(png);
	} catch {
		ready = item(await png);
	}
	return navigator.clipboard.write([ready]);
}

/** @param {File} file @returns {Promise<Blob>} */
async function asPng(file) {
	const bitmap = await createImageBitmap(file);
	const canvas = h('canvas', { width: bitmap.width, height: bitmap.height });
	canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
	return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(blob))));
}
