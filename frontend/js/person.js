/** A person's card: the portrait large, their work, and the way to compare oneself with them. */
import { portraitUrl } from './api.js';
import { openDialog } from './dialog.js';
import { button, div, h } from './dom.js';
import { about } from './gallery.js';
import { inLanguage, spoken, t } from './i18n.js';
import { photoOf } from './photo.js';
import { framed } from './portraits.js';
import { last } from './state.js';

/** @param {Person} person */
export function showPerson(person) {
	const { research, others } = about(person);
	const name = Object.assign(spoken('h2', inLanguage(person.name)), { id: 'sheet' });
	const compare = async () => {
		try {
			const [portrait, { begin }] = await Promise.all([photoOf(portraitUrl(person.portrait)), import('./compare.js')]);
			if (!dialog.isConnected) return; // the visitor thought better of it
			dialog.close();
			begin([last('answer')?.data.photos[0], portrait]);
		} catch {
			told.textContent = t('network');
			dialog.append(told);
		}
	};
	const told = h('p', { role: 'alert' });
	const dialog = openDialog(
		name,
		framed(person, '', 'large'),
		research && spoken('p', `“${research}”`),
		spoken('small', others.join(' · ')),
		div('taps', person.portrait && button('compare', t('with-me'), compare, 'main'), button('', t('close'), () => dialog.close())),
	);
	dialog.classList.add('person');
}
