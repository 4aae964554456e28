/** A face cut from a photo as the gallery's portraits are: eyes level, always in the same place and equally far apart. */
import { drawn, penOf } from './photo.js';
import { h } from './dom.js';

// As export/gallery/portrait.py has them, in sides of the square; a frame shows the middle four fifths of its width.
const APART = 0.2;
const LEAST_APART = 0.8;
const EYES = 0.42;
const WIDTH = 0.8;
const CLOSEST = 1.5;

/**
 * For a frame of 4 : 5. A photo that ends too early is shown closer, up to a limit, and the portrait beside it as well.
 * @param {Canvas} photo @param {Pick<Face, 'landmarks'>} face @param {number} height pixels @returns {{canvas: Canvas, zoom: number}}
 */
export function faceIn(photo, { landmarks: [left, right, , ...mouth] }, height) {
	const middle = between(left, right);
	const lips = between(mouth[0], mouth[1]);
	const [across, down] = [right[0] - left[0], right[1] - left[1]];
	const apart = Math.max(Math.hypot(across, down), LEAST_APART * Math.hypot(lips[0] - middle[0], lips[1] - middle[1]), 1);
	const angle = Math.atan2(down, across);
	const zoom = closeness(photo, middle, apart / APART, angle);
	const canvas = backdrop(photo, middle, apart / APART / zoom, height);
	const pen = penOf(canvas);
	const scale = (height * APART * zoom) / apart;
	pen.translate(canvas.width / 2, height * EYES);
	pen.rotate(-angle);
	pen.scale(scale, scale);
	pen.drawImage(photo, -middle[0], -middle[1]);
	return { canvas, zoom };
}

/** How close one must come for the frame to be full. @param {Canvas} photo @param {Spot} eyes @param {number} side @param {number} angle */
function closeness({ width, height }, [x, y], side, angle) {
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const full = (/** @type {number} */ zoom) =>
		[-WIDTH / 2, WIDTH / 2].every((along) =>
			[-EYES, 1 - EYES].every((down) => {
				const [right, below] = [(along * side) / zoom, (down * side) / zoom];
				const [px, py] = [x + right * cos - below * sin, y + right * sin + below * cos];
				return px >= 0 && px <= width && py >= 0 && py <= height;
			}),
		);
	let zoom = 1;
	while (zoom < CLOSEST && !full(zoom)) zoom += 0.05;
	return zoom;
}

/** What lies behind a face whose photo ends too early: its colours, out of focus. @param {Canvas} photo @param {Spot} eyes @param {number} side @param {number} height */
function backdrop(photo, [x, y], side, height) {
	const left = Math.max(0, x - (side * WIDTH) / 2);
	const top = Math.max(0, y - side * EYES);
	const wide = Math.max(1, Math.min(photo.width - left, side * WIDTH));
	const tall = Math.max(1, Math.min(photo.height - top, side));
	const few = drawn(photo, [left, top, wide, tall], 4, 5);
	return drawn(few, [0, 0, 4, 5], Math.round(height * WIDTH), height);
}

/** @param {Spot} a @param {Spot} b @returns {Spot} */
const between = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** Where the browser cannot show the photo: the faces that the network saw, in their places. @param {Answer} answer */
export async function fromCrops({ photo: { width, height }, faces }) {
	const canvas = h('canvas', { width, height });
	const pen = penOf(canvas);
	pen.fillStyle = '#8a8a80';
	pen.fillRect(0, 0, width, height);
	for (const { box: [left, top, right, bottom], crop } of faces) {
		const image = Object.assign(new Image(), { src: String(crop) });
		await image.decode();
		pen.drawImage(image, left, top, right - left, bottom - top);
	}
	return canvas;
}
