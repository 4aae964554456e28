/** A sheet over the page, which leaves no trace when it is closed. */
import { h } from './dom.js';

/** @param {...Child} children the first has the id "sheet" and names the dialog */
export function openDialog(...children) {
	const dialog = h('dialog', { className: 'over' }, ...children);
	dialog.setAttribute('aria-labelledby', 'sheet');
	dialog.onclose = () => dialog.remove();
	dialog.onclick = (event) => event.target === dialog && dialog.close(); // beside the sheet
	document.querySelectorAll('dialog').forEach((other) => other.close?.()); // one at a time, however quickly they are asked for
	document.body.append(dialog);
	if (dialog.showModal) dialog.showModal();
	else {
		// Safari before 15.4
		dialog.setAttribute('open', '');
		dialog.classList.add('bare');
		dialog.close = () => dialog.dispatchEvent(new Event('close'));
	}
	return dialog;
}
