/** While a photo is on its way: what is being done, how much of it, and a line to smile at. */
import { $, showProgress } from './dom.js';
import { percent, t } from './i18n.js';
import { calm } from './reveal.js';
import { now, tell } from './state.js';
import { reflect } from './wall.js';

/** Once, however often it is pressed: a step back too many would leave the site. */
export function cancel() {
	const { run } = now().data;
	if (run.signal.aborted) return;
	run.abort();
	history.back();
}

/** Lines that pass while one waits. @type {Word[]} */
const LINES = ['think.1', 'think.2', 'think.3', 'think.4', 'think.5'];
const LINE_MS = 1300;

/** @type {Page} */
export const thinking = {
	title: 'think',
	passing: true,
	draw({ word, fraction, photos, late, line = 0 }, arriving) {
		const here = now();
		if (arriving) here.data.lines = setInterval(() => tell(here, { line: (here.data.line ?? 0) + 1 }), LINE_MS);
		$('step').textContent = t(word, { percent: percent(Math.round(fraction * 100)) });
		showProgress($('progress'), word, fraction);
		$('patience').textContent = late && word === 'think' ? t('patience') : '';
		$('line').textContent = word === 'think' && !calm() ? t(LINES[line % LINES.length] ?? 'think.1') : '';
		reflect(photos?.[0]);
	},
	leave({ run, lines }) {
		clearInterval(lines);
		run.abort();
	},
	restore: () => null,
};
