/** The start: the states, the ways in, and the switches. */
import { answered } from './answer.js';
import { compared, receive } from './compare.js';
import { startDeviceSwitch } from './device_switch.js';
import { $, icon } from './dom.js';
import { failed, find, from, thinking } from './find.js';
import { onWords, translate } from './i18n.js';
import { onGiven, pick, take } from './intake.js';
import { everybody } from './people.js';
import { now, redraw, startStates } from './state.js';
import { startSwitches } from './switches.js';
import { hangWall, reflect } from './wall.js';

/** @type {Page} */
const home = { title: 'nav.find', draw: () => reflect() };

const connection = () => ($('offline').hidden = navigator.onLine);

for (const element of document.querySelectorAll('[data-icon]')) {
	element.append(icon(String(element.getAttribute('data-icon'))), ''); // and room for its text
}
startSwitches();
translate();
hangWall();
startDeviceSwitch();
startStates({ home, thinking, failure: failed, answer: answered, compare: compared, people: everybody });
onWords(redraw);
$('take').onclick = () => from(take);
$('pick').onclick = () => from(() => pick('file'));
$('cancel').onclick = () => history.back();
onGiven((files) => (now().name === 'compare' ? receive(files) : find(files)));
connection();
addEventListener('online', connection);
addEventListener('offline', connection);
