/** Every way in for photos: camera, library, drop and paste. */
import { $ } from './dom.js';
import { Problem } from './http.js';
import { follow, isLive } from './on_device.js';
import { drawn, encoded } from './photo.js';
import { now } from './state.js';

// A tap opens the system's camera only while it is fresh.
const PATIENCE_MS = 500;

/** From the device; nothing when cancelled. @param {string} id of the input @returns {Files} */
export const pick = (id) =>
	new Promise((resolve) => {
		const input = /** @type {HTMLInputElement} */ ($(id));
		input.value = ''; // so that the same photo can be chosen twice
		input.onchange = input.oncancel = () => resolve([...(input.files ?? [])]);
		input.click();
	});

/** The phone's own camera app, or a preview on a desktop and where that is a live mirror; Safari has had dialogs since 15.4. @returns {Files} */
export async function take() {
	const live = await Promise.race([isLive(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
	const own = matchMedia('(pointer: coarse)').matches && !live;
	return own || !navigator.mediaDevices || !window.HTMLDialogElement ? pick('selfie') : openCamera();
}

/** @param {(files: Blob[]) => void} receive what is dropped or pasted anywhere */
export function onGiven(receive) {
	const give = (/** @type {DataTransfer | null} */ data) => data?.files.length && receive([...data.files]);
	addEventListener('paste', (event) => give(event.clipboardData));
	addEventListener('dragleave', (event) => event.relatedTarget || ($('drop').hidden = true));
	addEventListener('dragover', (event) => {
		event.preventDefault();
		$('drop').hidden = !event.dataTransfer?.types.includes('Files');
	});
	addEventListener('drop', (event) => {
		event.preventDefault();
		$('drop').hidden = true;
		give(event.dataTransfer);
	});
}

let starts = 0;

/** A preview like a mirror, unless the visitor has gone on or pressed again before it could open; and one button. @returns {Files} the photo, or none when left @throws {Problem} */
async function openCamera() {
	const here = now();
	const start = ++starts;
	const video = /** @type {HTMLVideoElement} */ ($('video'));
	const stream = await navigator.mediaDevices.getUserMedia({ video: true }).catch(() => {
		throw new Problem('no-camera');
	});
	let stop = () => {};
	try {
		video.srcObject = stream;
		if (!(await video.play().then(() => true, left))) return [];
		stop = await follow(video, $('live'));
		return here === now() && start === starts && (await shot()) ? [await still(video)] : [];
	} finally {
		stop();
		for (const track of stream.getTracks()) track.stop(); // the camera's light must go out
	}
}

/** A start that was broken off is no fault. @param {Error} error */
function left(error) {
	if (error.name !== 'AbortError') throw error;
	return false;
}

/** @returns {Promise<boolean>} whether the button was pressed, not the dialog left */
const shot = () =>
	new Promise((resolve) => {
		const dialog = /** @type {HTMLDialogElement} */ ($('camera'));
		dialog.returnValue = '';
		$('video').onclick = () => dialog.close('shoot');
		dialog.onclose = () => resolve(dialog.returnValue === 'shoot');
		dialog.showModal();
	});

/** Unmirrored, as others see the person. @param {HTMLVideoElement} video */
const still = (video) => encoded(drawn(video, [0, 0, video.videoWidth, video.videoHeight]), 'image/png');
