/** A face cut for the network: its box, resized to a square with Pillow's BILINEAR, as the function's crop_face does. */

const BITS = 22; // behind the binary point of a share
const f = Math.fround;

/**
 * Chip [size, size] as RGB bytes.
 * @param {Picture} picture @param {Box} box @param {number} size @param {number} margin around it, in pixels of the chip
 */
export function cropFace(picture, [left, top, right, bottom], size, margin) {
	const [x, wide] = within([left, right], picture.width, margin, size);
	const [y, tall] = within([top, bottom], picture.height, margin, size);
	// Across, then down, with whole bytes between them.
	const lines = new Uint8Array(3 * size * tall);
	const columns = windows(wide, size);
	for (let row = 0; row < tall; row++) resample(pixels(picture, x, y + row, wide), columns, lines.subarray(3 * size * row), 3);
	const chip = new Uint8Array(3 * size * size);
	const rows = windows(tall, size);
	for (let column = 0; column < size; column++) resample(lines.subarray(3 * column), rows, chip.subarray(3 * column), 3 * size);
	return chip;
}

/**
 * First pixel and length of one side of the box with its margin, inside the picture, and at least a pixel long.
 * @param {number[]} side @param {number} limit @param {number} margin @param {number} size
 */
function within([low, high], limit, margin, size) {
	const spread = f(f(f(margin * f(high - low)) / (size - margin)) / 2);
	const first = Math.trunc(Math.max(f(low - spread), 0));
	return [first, Math.max(Math.trunc(Math.min(f(high + spread), limit)) - first, 1)];
}

/** A part of a row, RGB without gaps; black beyond the picture. @param {Picture} picture @param {number} x @param {number} y @param {number} count */
function pixels({ data, width, height }, x, y, count) {
	const line = new Uint8Array(3 * count);
	for (let at = 0; at < count && x + at < width && y < height; at++) {
		for (let channel = 0; channel < 3; channel++) line[3 * at + channel] = data[4 * (y * width + x + at) + channel];
	}
	return line;
}

/**
 * For each of `count` pixels: the first of the `length` that it is made from, and the share of each, less with the way from
 * the middle, over one step of the coarser of the two on either side.
 * @param {number} length @param {number} count
 */
function windows(length, count) {
	const scale = length / count;
	const reach = Math.max(scale, 1);
	return Array.from({ length: count }, (_, at) => {
		const middle = (at + 0.5) * scale;
		const first = Math.max(Math.trunc(middle - reach + 0.5), 0);
		const last = Math.min(Math.trunc(middle + reach + 0.5), length);
		const near = Array.from({ length: last - first }, (_, step) => Math.max(1 - Math.abs((step + first - middle + 0.5) * (1 / reach)), 0));
		const sum = near.reduce((total, share) => total + share, 0);
		return { first, shares: near.map((share) => Math.trunc((share / sum) * 2 ** BITS + 0.5)) };
	});
}

/**
 * One line of pixels out of another, both with their pixels `stride` bytes apart.
 * @param {Uint8Array} from @param {ReturnType<typeof windows>} made @param {Uint8Array} to @param {number} stride
 */
function resample(from, made, to, stride) {
	made.forEach(({ first, shares }, at) => {
		for (let channel = 0; channel < 3; channel++) {
			const sum = shares.reduce((total, share, step) => total + share * from[(first + step) * stride + channel], 2 ** (BITS - 1));
			to[at * stride + channel] = sum >> BITS;
		}
	});
}
