/** The live mirror: while the camera is open, the answer follows the face. */
import { div, h } from '../dom.js';
import { alike, percent, t } from '../i18n.js';
import { drawn, penOf } from '../photo.js';
import { framed } from '../portraits.js';
import { load } from './opening.js';
import { Steady } from './steady.js';

const LONGEST_SIDE = 640; // enough for a face before a mirror
const PAUSE_MS = 30; // between two looks, for all else that the device has to do

/** Shows in `place` whom the face in the video looks like, until stopped. @param {HTMLVideoElement} video @param {HTMLElement} place @returns {Do} */
export function follow(video, place) {
	const steady = new Steady();
	let running = true;
	const look = async () => {
		const ask = await load((share) => running && share < 1 && place.replaceChildren(t('device.load', { percent: percent(Math.floor(share * 100)) })));
		while (running) {
			const seen = await ask('glance', still(video));
			if (running) draw(place, steady.after(seen?.matches ?? []));
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		}
	};
	look().catch(() => place.replaceChildren()); // the photo itself will say what is wrong
	return () => {
		running = false;
		place.replaceChildren();
	};
}

/** @param {HTMLVideoElement} video */
function still(video) {
	const { videoWidth: width, videoHeight: height } = video;
	const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
	const canvas = drawn(video, [0, 0, width, height], Math.round(width * scale), Math.round(height * scale));
	return penOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {HTMLElement} place @param {Likely | null} likely */
function draw(place, likely) {
	place.dataset.looks = String(Number(place.dataset.looks ?? 0) + 1);
	if (!likely) return place.replaceChildren(t('live.nobody'));
	const { person, similarity } = likely;
	const words = h('span', {}, h('b', {}, person.name), h('small', {}, alike((1 + similarity) * 50)));
	// The portrait is not drawn anew while the person stays the same.
	const same = place.dataset.person === person.id && place.querySelector('.frame');
	place.dataset.person = person.id;
	place.replaceChildren(div('likely', same || framed(person), words));
}
