/** The switch on the first page: answers on this device, where that is offered; and what it costs and keeps. */
import { $, h, say } from './dom.js';
import { onWords, percent, t } from './i18n.js';
import * as device from './on_device.js';
import { explain } from './problem.js';

let share = 0;
/** @type {unknown} */
let trouble;

export async function startDeviceSwitch() {
	const offer = await device.offer();
	if (!offer) return;
	const redraw = async () => draw(offer, await device.isOn());
	onWords(redraw);
	await redraw();
}

/** @param {DeviceOffer} offer @param {boolean} on */
function draw(offer, on) {
	const word = on ? /** @type {const} */ (`privacy.${offer.mode}`) : 'privacy';
	$('privacy').dataset.t = word; // for another language, and for all who say it
	$('privacy').textContent = t(word);
	const box = h('input', { type: 'checkbox', checked: on, disabled: Boolean(offer.alone), role: 'switch' });
	box.onchange = () => switched(offer, box.checked);
	const cost = h('small', {}, t('device.cost', { megabytes: offer.megabytes }));
	const loading = on && share > 0 && share < 1;
	$('device').replaceChildren(
		h('label', { className: 'switch' }, box, h('span', {}, t('device'), cost)),
		loading ? h('progress', { value: share, ariaLabel: t('device.load', { percent: percent(Math.floor(share * 100)) }) }) : '',
		trouble ? h('p', { role: 'alert' }, explain(trouble)) : '',
	);
}

/** @param {DeviceOffer} offer @param {boolean} on */
async function switched(offer, on) {
	device.choose(on);
	trouble = undefined;
	share = 0;
	draw(offer, on);
	/** @type {HTMLElement | null} */ ($('device').querySelector('input'))?.focus();
	if (!on) return;
	try {
		await (await device.client()).load((loaded) => {
			share = loaded;
			const bar = $('device').querySelector('progress');
			if (bar && loaded < 1) bar.value = loaded;
			else draw(offer, true);
		});
		say(t('device.ready'));
	} catch (error) {
		trouble = error;
		share = 0;
	}
	draw(offer, true);
}

/** What to do where this device failed: a photo is sent only by one's own hand. @param {Do} retry */
export const sendInstead = (retry) => () => {
	device.choose(false);
	retry();
};

