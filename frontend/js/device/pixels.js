/** Area resizing from one summed-area table: the same means, to the last bit, as the function's faces/pixels.py. */

const CHANNELS = 3;

/** Summed-area table of a picture's red, green and blue; a sum of 255 over 16 megapixels still fits its 32 bits. */
export class IntegralImage {
	/** @param {Picture} picture */
	constructor({ data, width, height }) {
		this.width = width;
		this.height = height;
		this.stride = (width + 1) * CHANNELS;
		this.table = new Uint32Array((height + 1) * this.stride);
		for (let y = 0, from = 0; y < height; y++) {
			let [red, green, blue] = [0, 0, 0];
			let at = (y + 1) * this.stride + CHANNELS;
			for (let x = 0; x < width; x++, from += 4, at += CHANNELS) {
				const above = at - this.stride;
				this.table[at] = this.table[above] + (red += data[from]);
				this.table[at + 1] = this.table[above + 1] + (green += data[from + 1]);
				this.table[at + 2] = this.table[above + 2] + (blue += data[from + 2]);
			}
		}
	}

	/** Rows first…last of the whole picture at another size: [3, rows, width], means 0…255. */
	resize(/** @type {number} */ height, /** @type {number} */ width, first = 0, last = height) {
		const [tops, bottoms] = edges(0, this.height, height).map((edge) => edge.subarray(first, last));
		const out = new Float32Array(CHANNELS * (last - first) * width);
		this.#average([tops, bottoms], edges(0, this.width, width), out, 0);
		return out;
	}

	/** Windows of whole pixels inside the picture, as [n, 3, side, side]. @param {Box[]} windows @param {number} side */
	crops(windows, side) {
		const size = CHANNELS * side * side;
		const out = new Float32Array(windows.length * size);
		windows.forEach(([left, top, right, bottom], index) => {
			this.#average(edges(top, bottom, side), edges(left, right, side), out, index * size);
		});
		return out;
	}

	/**
	 * @param {Int32Array[]} rows first and one-past-last row of each window @param {Int32Array[]} columns
	 * @param {Float32Array} out @param {number} start
	 */
	#average([tops, bottoms], [lefts, rights], out, start) {
		const { table, stride } = this;
		const plane = tops.length * lefts.length;
		for (let y = 0, to = start; y < tops.length; y++) {
			const [above, below] = [tops[y] * stride, bottoms[y] * stride];
			const tall = bottoms[y] - tops[y];
			for (let x = 0; x < lefts.length; x++, to++) {
				const [left, right] = [lefts[x] * CHANNELS, rights[x] * CHANNELS];
				const area = tall * (rights[x] - lefts[x]);
				for (let channel = 0; channel < CHANNELS; channel++) {
					const [upper, lower] = [above + channel, below + channel];
					const sum = table[lower + right] - table[lower + left] - table[upper + right] + table[upper + left];
					out[to + channel * plane] = sum / area;
				}
			}
		}
	}
}

/**
 * First and one-past-last pixel of `count` adaptive-averaging windows over start…stop, as torch lays them.
 * @param {number} start @param {number} stop @param {number} count
 */
function edges(start, stop, count) {
	const length = stop - start;
	const low = Int32Array.from({ length: count }, (_, step) => start + Math.floor((step * length) / count));
	const high = Int32Array.from({ length: count }, (_, step) => start + Math.ceil(((step + 1) * length) / count));
	return [low, high];
}

/** The picture after quarter turns, counter-clockwise. @param {Picture} picture @param {number} turns @returns {Picture} */
export function quarterTurned(picture, turns) {
	const { width, height } = picture;
	if (turns % 4 === 0) return picture;
	const [wide, tall] = turns % 2 ? [height, width] : [width, height];
	const from = new Uint32Array(picture.data.buffer, picture.data.byteOffset, width * height);
	const to = new Uint32Array(from.length);
	const [start, right, down] = steps(turns % 4, width, height);
	for (let y = 0, at = 0; y < tall; y++) {
		for (let x = 0; x < wide; x++, at++) to[at] = from[start + x * right + y * down];
	}
	return { data: new Uint8ClampedArray(to.buffer), width: wide, height: tall };
}

/** Where a turned picture's first pixel was, and how far the next to the right and the next below were from it. */
function steps(/** @type {number} */ turns, /** @type {number} */ width, /** @type {number} */ height) {
	if (turns === 1) return [width - 1, width, -1];
	if (turns === 2) return [width * height - 1, -1, -width];
	return [(height - 1) * width, -width, 1];
}
