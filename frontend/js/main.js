/** The start: the states, the ways in, and the switches. */
import { answered } from './answer.js';
import { startDeviceSwitch } from './device_switch.js';
import { $, icon, once } from './dom.js';
import { failed, find, from, thinking } from './find.js';
import { onWords, translate } from './i18n.js';
import { onGiven, pick, take } from './intake.js';
import { now, redraw, startStates } from './state.js';
import { startSwitches } from './switches.js';
import { hangWall, reflect } from './wall.js';

/** @type {Page} */
const home = { title: 'nav.find', draw: () => reflect() };

const loadCompare = () => import('./compare.js');

/** Loaded when they are first asked for. @type {Page} */
const compare = { title: 'nav.compare', draw: async (data) => (await loadCompare()).draw(data) };
/** @type {Page} */
const people = { title: 'nav.people', draw: async (data) => (await import('./people.js')).draw(data) };

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
startSwitches();
translate();
hangWall();
startDeviceSwitch();
startStates({ home, thinking, failure: failed, answer: answered, compare, people });
onWords(redraw);
$('take').onclick = once(() => from(take));
$('pick').onclick = $('mirror').onclick = () => from(() => pick('file')); // choosers wait for one another
$('cancel').onclick = () => history.back();
onGiven(given);
if (arrived) from(async () => (await arrivals()).shared());
if (arrived || matchMedia('(display-mode: standalone)').matches) receiveShared();
addEventListener('appinstalled', receiveShared);
connection();
addEventListener('online', connection);
addEventListener('offline', connection);
