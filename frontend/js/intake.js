/** Every way in for photos: camera, library, drop and paste. */
import { $ } from './dom.js';
import { openCamera } from './camera.js';

/** From the device; nothing when cancelled. @param {string} id of the input @returns {Files} */
export const pick = (id) =>
  new Promise((resolve) => {
    const input = /** @type {HTMLInputElement} */ ($(id));
    input.value = ''; // so that the same photo can be chosen twice
    input.onchange = input.oncancel = () => resolve([...(input.files ?? [])]);
    input.click();
  });

/** The phone's own camera app, or a preview on a desktop. @returns {Files} */
export const take = async () =>
  matchMedia('(pointer: coarse)').matches || !navigator.mediaDevices ? pick('selfie') : openCamera();

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
