/** The start: the states, the ways in, and the switches. */
import { answered } from './answer.js';
import { startDeviceSwitch } from './device_switch.js';
import { $, div, icon, once } from './dom.js';
import { failed, find, from } from './find.js';
import { Problem } from './http.js';
import { onWords, translate } from './i18n.js';
import { onGiven, pick, take } from './intake.js';
import { failure } from './problem.js';
import { now, redraw, startStates } from './state.js';
import { startSwitches } from './switches.js';
import { startTaps } from './taps.js';
import { cancel, thinking } from './thinking.js';
import { hangWall, reflect } from './wall.js';

/** @type {Page} */
const home = { title: 'nav.find', draw: () => reflect() };

const loadCompare = () => import('./compare.js');

/** Loaded when it is first asked for, which can fail. @param {'compare' | 'people'} name @param {() => Promise<{draw: Page['draw']}>} load @returns {Page} */
const later = (name, load) => ({
	title: `nav.${name}`,
	draw: (data, arriving) =>
		load().then(
			(page) => page.draw(data, arriving),
			() => $(name).replaceChildren(div('sheet', ...failure(new Problem('network'), redraw))),
		),
});

/** Dropped or pasted. @param {Blob[]} files */
const given = async (files) => (now().name === 'compare' ? (await loadCompare()).receive(files) : find(files));

/** Whether the phone's gallery has shared photos with the installed app. */
const arrived = location.hash === '#/shared';
const arrivals = () => import('./arrivals.js');
const receiveShared = async () => (await arrivals()).receiveShared();

const connection = () => ($('offline').hidden = navigator.onLine);

for (const element of document.querySelectorAll('[data-icon]')) {
	element.prepend(icon(String(element.getAttribute('data-icon'))));
}
startTaps();
startSwitches();
translate();
hangWall();
startDeviceSwitch();
const compare = later('compare', loadCompare);
const people = later('people', () => import('./people.js'));
startStates({ home, thinking, failure: failed, answer: answered, compare, people });
onWords(redraw);
$('take').onclick = once(() => from(take));
$('pick').onclick = $('mirror').onclick = () => from(() => pick('file')); // choosers wait for one another
$('cancel').onclick = cancel;
onGiven(given);
if (arrived) from(async () => (await arrivals()).shared());
if (arrived || matchMedia('(display-mode: standalone)').matches) receiveShared();
addEventListener('appinstalled', receiveShared);
connection();
addEventListener('online', connection);
addEventListener('offline', connection);
