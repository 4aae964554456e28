/** From a photo to an answer: prepare, send, think, show; with cancel and retry at any moment. */
import { showAnswer } from './answer.js';
import { lookalikes } from './api.js';
import { $, say } from './dom.js';
import { onWords, percent, t } from './i18n.js';
import { pick, take } from './intake.js';
import { prepare } from './photo.js';
import { failure } from './problem.js';
import { hangWall, reflect } from './wall.js';

export const MOST_PHOTOS = 5;
const PATIENCE_MS = 4000;

/** @type {Photo[]} */
let photos = [];
let run = new AbortController();
let redraw = () => {};
let late = 0;

export function startFind() {
	$('take').onclick = () => from(take);
	$('pick').onclick = () => from(() => pick('file'));
	$('cancel').onclick = openFind;
	for (const link of document.querySelectorAll('[href="#/find"]')) link.addEventListener('click', openFind);
	onWords(() => redraw());
	hangWall();
}

/** The answer, where the address asks for one, else the wall; whatever runs is stopped. */
export function openFind() {
	run.abort();
	show(location.hash === '#/answer' && photos[0] ? 'answer' : 'home');
}

/** @param {Blob[]} files of one person @param {Photo[]} [before] more of this person */
export async function find(files, before = []) {
	run.abort();
	const { signal } = (run = new AbortController());
	try {
		const all = [...before];
		step('prepare');
		show('work');
		for (const file of files.slice(0, MOST_PHOTOS - before.length)) all.push(await prepare(file));
		signal.throwIfAborted();
		reflect(all[0]);
		const answer = await lookalikes(all, 'crop,mirror', { signal, onSent });
		photos = all;
		showAnswer(answer, all, () => from(() => pick('files'), all));
		location.hash = '/answer'; // an address of its own, so that "back" leads to the first page
		show('answer');
	} catch (error) {
		if (!signal.aborted) fail(error, () => find(files, before));
	}
}

/** @param {() => Files} way @param {Photo[]} [before] */
async function from(way, before) {
	try {
		const files = await way();
		if (files[0]) find(files, before);
	} catch (error) {
		fail(error, () => from(way, before));
	}
}

/** @param {number} fraction of the upload */
function onSent(fraction) {
	$('step').textContent = t('send', { percent: percent(Math.round(fraction * 100)) });
	$('progress').setAttribute('value', String(fraction));
	if (fraction < 1) return;
	step('think');
	late = setTimeout(() => ($('patience').textContent = t('patience')), PATIENCE_MS);
}

/** @param {Word} word */
function step(word) {
	clearTimeout(late);
	$('step').textContent = say(t(word));
	$('patience').textContent = '';
	$('progress').removeAttribute('value');
}

/** @param {unknown} error @param {Do} retry */
function fail(error, retry) {
	redraw = () => $('failure').replaceChildren(...failure(error, retry, () => from(() => pick('file'))));
	redraw();
	show('failure');
}

/** @param {string} state */
function show(state) {
	const arrived = state !== 'home' || document.activeElement !== document.body;
	for (const id of ['home', 'work', 'failure', 'answer']) $(id).hidden = id !== state;
	$('wall').className = `wall ${state}`;
	if (state === 'home') reflect();
	scrollTo(0, 0);
	if (arrived) $(state).querySelector('h1')?.focus();
}
