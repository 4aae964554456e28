/** The start: words, switches, and the page that the address asks for. */
import { receive, startCompare } from './compare.js';
import { $, icon } from './dom.js';
import { find, openFind, startFind } from './find.js';
import { onWords, t, translate } from './i18n.js';
import { onGiven } from './intake.js';
import { openPeople, startPeople } from './people.js';
import { startSwitches } from './switches.js';

const PAGES = /** @type {const} */ (['find', 'compare', 'people']);

const page = () => PAGES.find((name) => location.hash === `#/${name}`) ?? 'find';
const name = () => (document.title = `${t(`nav.${page()}`)} · ${t('name')}`);

function route() {
	for (const id of PAGES) {
		$(id).hidden = id !== page();
		document.querySelector(`nav [href="#/${id}"]`)?.setAttribute('aria-current', id === page() ? 'page' : 'false');
	}
	name();
	openFind();
	return page() === 'people' && openPeople();
}

/** A new page begins at its title. */
async function turn() {
	await route();
	if (page() === 'find') return;
	scrollTo(0, 0);
	$(page()).querySelector('h1')?.focus();
}

/** Dropped or pasted. @param {Blob[]} files */
function given(files) {
	if (page() === 'compare') return receive(files);
	history.pushState(null, '', '#/find');
	route();
	return find(files);
}

const connection = () => ($('offline').hidden = navigator.onLine);

for (const element of document.querySelectorAll('[data-icon]')) {
	element.append(icon(String(element.getAttribute('data-icon'))), ''); // and room for its text
}
startSwitches();
startFind();
startCompare();
startPeople();
onGiven(given);
onWords(name);
translate();
route();
connection();
addEventListener('hashchange', turn);
addEventListener('online', connection);
addEventListener('offline', connection);
