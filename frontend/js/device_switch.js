/** The switch on the first page: answers on this device, where that is offered; and what it costs and keeps. */
import { $, h, say } from './dom.js';
import { onWords, percent, t } from './i18n.js';
import * as device from './on_device.js';
import { explain } from './problem.js';

/** @type {DeviceOffer} */
let offer;
let on = false;
let share = 0;
/** @type {unknown} */
let trouble;
/** @type {typeof import('./device/client.js') | undefined} */
let client;

export async function startDeviceSwitch() {
	const offered = await device.offer();
	if (!offered) return;
	offer = offered;
	on = await device.isOn();
	onWords(draw);
	draw();
}

function draw() {
	const word = on ? /** @type {const} */ (`privacy.${offer.mode}`) : 'privacy';
	$('privacy').dataset.t = word; // for another language, and for all who say it
	$('privacy').textContent = t(word);
	const focused = $('device').contains(document.activeElement);
	const box = h('input', { type: 'checkbox', checked: on, disabled: Boolean(offer.alone), role: 'switch' });
	box.onchange = () => switched(box.checked);
	const cost = h('small', {}, t('device.cost', { megabytes: offer.megabytes }));
	const loading = on && share > 0 && share < 1;
	$('device').replaceChildren(
		h('label', { className: 'switch' }, box, h('span', {}, t('device'), cost)),
		loading ? h('progress', { value: share, ariaLabel: t('device.load', { percent: percent(Math.floor(share * 100)) }) }) : '',
		trouble ? h('p', { role: 'alert' }, explain(trouble)) : '',
	);
	if (focused) box.focus();
}

/** @param {boolean} wanted */
function turn(wanted) {
	on = wanted;
	device.choose(on);
	trouble = undefined;
	share = 0;
	draw();
}

/** While the networks load it may be switched off again, and then stays so. @param {boolean} wanted */
async function switched(wanted) {
	turn(wanted);
	if (!on) return client?.giveUp();
	try {
		client = await device.client();
		if (!on) return;
		await client.load((loaded) => {
			if (!on) return;
			share = loaded;
			const bar = $('device').querySelector('progress');
			if (bar && loaded < 1) bar.value = loaded;
			else draw();
		});
		if (on) say(t('device.ready'));
	} catch (error) {
		if (on) trouble = error;
		share = 0;
	}
	draw();
}

/** What to do where this device failed: a photo is sent only by one's own hand. @param {Do} retry */
export const sendInstead = (retry) => () => {
	turn(false);
	retry();
};

