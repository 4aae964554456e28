/** A face cut for the network: turned, scaled and shifted so that its landmarks fit a template, as align_face does. */
import { reduced } from './reduce.js';

/** Chip [size, size] as RGB bytes. @param {Picture} picture @param {Point[]} landmarks @param {Point[]} template @param {number} size */
export function alignFace(picture, landmarks, template, size) {
	let [a, b, x, y] = fitSimilarity(template, landmarks);
	// The template counts pixel centres as +0.5, landmarks as whole numbers.
	[x, y] = [x + 0.5, y + 0.5];
	const step = Math.trunc(Math.hypot(a, b));
	if (step < 2) return transformed(picture, [a, -b, x, b, a, y], size);
	const part = windowAround(picture, [a, -b, x, b, a, y], size, step);
	[x, y] = [(x - part[0]) / step, (y - part[1]) / step];
	return transformed(reduced(picture, part, step), [a / step, -b / step, x, b / step, a / step, y], size);
}

/**
 * The rotation with scale and the shift that take points to others, least squares: [real, imaginary, x, y] in complex numbers.
 * @param {Point[]} source @param {Point[]} target
 */
export function fitSimilarity(source, target) {
	const [sx, sy] = mean(source);
	const [tx, ty] = mean(target);
	let [real, imaginary, square] = [0, 0, 0];
	source.forEach(([x, y], index) => {
		const [dx, dy, ex, ey] = [x - sx, y - sy, target[index][0] - tx, target[index][1] - ty];
		real += dx * ex + dy * ey;
		imaginary += dx * ey - dy * ex;
		square += dx * dx + dy * dy;
	});
	[real, imaginary] = [real / square, imaginary / square];
	return [real, imaginary, tx - (real * sx - imaginary * sy), ty - (real * sy + imaginary * sx)];
}

/** @param {Point[]} points */
const mean = (points) => [0, 1].map((side) => points.reduce((sum, point) => sum + point[side], 0) / points.length);

/** The part of the picture that the chip covers, in whole steps. @param {Size} picture @param {number[]} matrix */
function windowAround({ width, height }, [a, b, x, c, d, y], /** @type {number} */ size, /** @type {number} */ step) {
	const corners = [[0, 0], [size, 0], [0, size], [size, size]].map(([u, v]) => [a * u + b * v + x, c * u + d * v + y]);
	const sides = [width, height].map((limit, side) => {
		const along = corners.map((corner) => corner[side]);
		const last = Math.floor((limit - 1) / step) * step;
		const low = clamp(Math.floor(Math.min(...along) / step - 2) * step, 0, last);
		return [low, clamp(Math.ceil(Math.max(...along) / step + 2) * step, low + 1, limit)];
	});
	return /** @type {Box} */ ([sides[0][0], sides[1][0], sides[0][1], sides[1][1]]);
}

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Pillow's affine transform with bilinear interpolation: black beyond the picture, values cut to bytes.
 * @param {Picture} picture @param {number[]} matrix from target to picture @param {number} size
 */
function transformed({ data, width, height }, [a, b, x, c, d, y], size) {
	const chip = new Uint8Array(3 * size * size);
	for (let v = 0, to = 0; v < size; v++) {
		for (let u = 0; u < size; u++, to += 3) {
			const across = a * (u + 0.5) + b * (v + 0.5) + x;
			const down = c * (u + 0.5) + d * (v + 0.5) + y;
			if (across < 0 || across >= width || down < 0 || down >= height) continue;
			const [left, top] = [Math.floor(across - 0.5), Math.floor(down - 0.5)];
			const [dx, dy] = [across - 0.5 - left, down - 0.5 - top];
			const [x0, x1] = [clamp(left, 0, width - 1), clamp(left + 1, 0, width - 1)];
			const [y0, y1] = [clamp(top, 0, height - 1), clamp(top + 1, 0, height - 1)];
			for (let channel = 0; channel < 3; channel++) {
				const at = (/** @type {number} */ row, /** @type {number} */ column) => data[4 * (row * width + column) + channel];
				const upper = at(y0, x0) + (at(y0, x1) - at(y0, x0)) * dx;
				const lower = at(y1, x0) + (at(y1, x1) - at(y1, x0)) * dx;
				chip[to + channel] = upper + (lower - upper) * dy;
			}
		}
	}
	return chip;
}
