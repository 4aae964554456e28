/** The camera on a desktop: a preview like a mirror, and one button. */
import { $ } from './dom.js';
import { Problem } from './http.js';
import { drawn, encoded } from './photo.js';

/** @returns {Files} the photo, or none when left @throws {Problem} */
export async function openCamera() {
  const video = /** @type {HTMLVideoElement} */ ($('video'));
  const stream = await navigator.mediaDevices.getUserMedia({ video: true }).catch(() => {
    throw new Problem('no-camera');
  });
  try {
    video.srcObject = stream;
    await video.play();
    return (await shot()) ? [await still(video)] : [];
  } finally {
    for (const track of stream.getTracks()) track.stop(); // the camera's light must go out
  }
}

/** @returns {Promise<boolean>} whether the button was pressed; closing the dialog any other way says no */
const shot = () =>
  new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ ($('camera'));
    dialog.returnValue = '';
    dialog.onclose = () => resolve(dialog.returnValue === 'shoot');
    dialog.showModal();
  });

/** Unmirrored, as others see the person. @param {HTMLVideoElement} video */
const still = (video) => encoded(drawn(video, [0, 0, video.videoWidth, video.videoHeight]), 'image/png');
