/** Pillow's Image.reduce: a part of a picture, `step` times smaller, each pixel the rounded mean of step × step. */

/** @param {Picture} picture @param {Box} part whole pixels @param {number} step @returns {Picture} */
export function reduced({ data, width }, [left, top, right, bottom], step) {
	const [wide, tall] = [Math.ceil((right - left) / step), Math.ceil((bottom - top) / step)];
	const out = new Uint8ClampedArray(4 * wide * tall);
	for (let y = 0, to = 0; y < tall; y++) {
		const [first, last] = [top + y * step, Math.min(top + (y + 1) * step, bottom)];
		for (let x = 0; x < wide; x++, to += 4) {
			const [start, end] = [left + x * step, Math.min(left + (x + 1) * step, right)];
			const count = (last - first) * (end - start);
			for (let channel = 0; channel < 3; channel++) {
				let sum = count >> 1;
				for (let row = first; row < last; row++) {
					for (let column = start; column < end; column++) sum += data[4 * (row * width + column) + channel];
				}
				out[to + channel] = Math.floor((sum * reciprocal(count)) / 2 ** 24);
			}
		}
	}
	return { data: out, width: wide, height: tall };
}

/** Of a count, in the fixed point that Pillow divides with. @param {number} count */
const reciprocal = (count) => Math.trunc(Math.fround(2 ** 32 / (256 * count)));
