/** A photo made ready on the device: upright, small, and free of what its file said about it. */
import { h } from './dom.js';
import { Problem } from './http.js';

const LONGEST_SIDE = 1280;
// For small faces, which the function cuts from a copy of this side.
const FINER_SIDE = 3200;
const LARGEST_SENT = 4e6;
const LARGEST_FILE = 60e6;
const QUALITY = 0.9;

/** @param {Blob} file @returns {Promise<Photo>} @throws {Problem} */
export async function prepare(file, longest = LONGEST_SIDE) {
	if (file.size > LARGEST_FILE) throw new Problem('too-large');
	const image = await decoded(file).catch((problem) => {
		if (problem.slug !== 'heic') throw problem;
	});
	if (!image) return { canvas: unseen(), blob: file, unseen: true }; // the server can read what this browser cannot
	const { width, height } = image;
	const scale = Math.min(1, longest / Math.max(width, height));
	const canvas = drawn(image, [0, 0, width, height], Math.round(width * scale) || 1, Math.round(height * scale) || 1);
	return { canvas, blob: await encoded(canvas, 'image/jpeg'), finer: scale < 1 ? file : undefined };
}

/** With more of its own pixels, where it has any and they are not too many to send. @param {Photo} photo @returns {Promise<Photo>} */
export async function finer(photo) {
	if (!photo.finer) return photo;
	const larger = await prepare(photo.finer, FINER_SIDE);
	return { ...(larger.blob.size > LARGEST_SENT ? photo : larger), finer: undefined };
}

/** A photo that was made ready before. @param {Blob} blob @returns {Promise<Photo>} */
export async function opened(blob) {
	const image = await decoded(blob);
	return { canvas: drawn(image, [0, 0, image.width, image.height]), blob };
}

/** On white, where a picture is see-through. @param {CanvasImageSource} image @param {Box} part left, top, width, height */
export function drawn(image, part, width = part[2], height = part[3]) {
	const canvas = h('canvas', { width, height });
	const pen = penOf(canvas);
	pen.fillStyle = '#fff';
	pen.fillRect(0, 0, width, height);
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(image, ...part, 0, 0, width, height);
	return canvas;
}

/** A portrait as a photo. @param {string} src @returns {Promise<Photo>} */
export async function photoOf(src) {
	const image = Object.assign(new Image(), { crossOrigin: '', src });
	await image.decode();
	const canvas = drawn(image, [0, 0, image.naturalWidth, image.naturalHeight]);
	return { canvas, blob: await encoded(canvas, 'image/jpeg') };
}

function unseen() {
	const canvas = h('canvas', { width: 80, height: 100 });
	const pen = penOf(canvas);
	pen.fillStyle = '#8a8a80';
	pen.fillRect(0, 0, 80, 100);
	return canvas;
}

/** @param {Canvas} canvas */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

/** @param {Canvas} canvas @param {string} type @returns {Promise<Blob>} */
export const encoded = (canvas, type, quality = QUALITY) =>
	new Promise((resolve, reject) => {
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Problem('damaged-photo'))), type, quality);
	});

/** As an element, which browsers turn upright. @param {Blob} file */
async function decoded(file) {
	const image = new Image();
	image.src = URL.createObjectURL(file);
	try {
		await image.decode();
		return image;
	} catch {
		throw new Problem(await whyUnreadable(file));
	} finally {
		URL.revokeObjectURL(image.src);
	}
}

/** @param {Blob} file */
async function whyUnreadable(file) {
	if (/ftyp(hei|hev|mif)/.test(await file.slice(0, 12).text())) return 'heic';
	return file.type.startsWith('image/') ? 'damaged-photo' : 'unsupported-photo';
}
