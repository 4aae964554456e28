/** Two photos, one percentage, as the page shows them. */
import { again, choose, give } from './comparing.js';
import { $, button, div, h, once, picture, showProgress, title } from './dom.js';
import { comparedFaces } from './faces.js';
import { faceIn } from './frame.js';
import { samePerson, t, texts } from './i18n.js';
import { pick, take } from './intake.js';
import { frame, ring } from './portraits.js';
import { failure } from './problem.js';
import { unlessLeft } from './state.js';

export { begin, receive } from './comparing.js';

/** @param {Comparing} data */
export function draw({ photos = [], result, problem, reading, step, run, tooMany }) {
	const faces = [view(0, photos[0], result?.a, 'first'), view(1, photos[1], result?.b, 'second')];
	const pair = div(step || reading ? 'pair busy' : 'pair', ...faces.map(({ touch }) => touch), result && !step && ring(result.percent));
	const heading = step ? 'compare.think' : result ? samePerson(result) : 'compare';
	$('compare').replaceChildren(
		div('wall best', div('duo best-of', title(t(heading)), pair, result && comparedFaces(photos, [result.a, result.b], choose), step ? waiting(step, run) : ways(photos, faces, result, problem || reading))),
		div('sheet', tooMany && h('p', { className: 'notes', role: 'alert' }, t('too-many', { count: 2 })), ...(problem ? failure(problem, () => again()) : advice(result))),
	);
}

/** @param {{word: Word, fraction: number}} step @param {AbortController} [run] */
function waiting({ word, fraction }, run) {
	const bar = h('progress', { ariaLabel: t('compare.think') });
	showProgress(bar, word, fraction);
	return div('waiting', bar, div('taps', button('', t('cancel'), () => run?.abort())));
}

/** @param {(Photo | undefined)[]} photos @param {{canvas?: Canvas}[]} faces @param {Comparison | null} [result] @param {unknown} [hindered] */
function ways([a, b], [left, right], result, hindered) {
	const camera = button('camera', t('camera'), () => give((data) => (data.photos?.[0] ? 1 : 0), take));
	if (!result) return div('taps', camera, a && b && !hindered && button('again', t('retry'), () => again(), 'main'));
	const pass = async () => (await unlessLeft(import('./share.js')))?.shareComparison(left?.canvas, right?.canvas, result);
	return div('taps', button('share', t('share'), pass, 'main'), camera);
}

/** A frame that takes a photo. @param {0 | 1} index @param {Photo | undefined} photo @param {Side | undefined} side @param {'first' | 'second'} word */
function view(index, photo, side, word) {
	const canvas = photo && (side ? faceIn(photo.canvas, side, 600).canvas : photo.canvas);
	const onclick = once(() => give(() => index, () => pick('file')));
	const touch = h('button', { className: 'plain', onclick, ariaLabel: t(photo ? `${word}.other` : `${word}.pick`) }, frame(canvas ? picture(canvas, t(word)) : '+'));
	return { touch, canvas };
}

/** @param {Comparison | null | undefined} result */
function advice(result) {
	if (!result) return [h('p', { className: 'soft' }, t(/** @type {Word} */ ($('privacy').dataset.t)))];
	const lines = texts([...new Set([...result.a.warnings, ...result.b.warnings])]);
	return lines[0] ? [h('ul', { className: 'notes' }, ...lines.map((line) => h('li', {}, line)))] : [];
}
