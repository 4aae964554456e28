/** Boxes as the cascade reckons with them, each step in single precision: left, top, right, bottom. */

const f = Math.fround;

/** Grown to a square about its centre. @param {Box} box @returns {Box} */
export function squared([left, top, right, bottom]) {
	const [wide, tall] = [f(right - left), f(bottom - top)];
	const side = Math.max(wide, tall);
	const x = f(f(left + f(wide * 0.5)) - f(side * 0.5));
	const y = f(f(top + f(tall * 0.5)) - f(side * 0.5));
	return [x, y, f(x + side), f(y + side)];
}

/** Moved by offsets in widths and heights as P-Net means them. @param {Box} box @param {Numbers} offsets @returns {Box} */
export function moved([left, top, right, bottom], offsets) {
	const [wide, tall] = [f(right - left), f(bottom - top)];
	return shifted([left, top, right, bottom], wide, tall, offsets);
}

/** Moved by offsets as R-Net and O-Net mean them. @param {Box} box @param {Numbers} offsets @returns {Box} */
export function corrected([left, top, right, bottom], offsets) {
	const [wide, tall] = [f(f(right - left) + 1), f(f(bottom - top) + 1)];
	return shifted([left, top, right, bottom], wide, tall, offsets);
}

/** @param {Box} box @param {number} wide @param {number} tall @param {Numbers} offsets @returns {Box} */
const shifted = ([left, top, right, bottom], wide, tall, offsets) => [
	f(left + f(offsets[0] * wide)),
	f(top + f(offsets[1] * tall)),
	f(right + f(offsets[2] * wide)),
	f(bottom + f(offsets[3] * tall)),
];

/** Whole pixels of the picture that a box covers, or null outside. @param {Box} box @param {Size} picture @returns {Box | null} */
export function window(box, { width, height }) {
	const [left, top, right, bottom] = box.map(Math.trunc);
	const x = Math.max(left, 1) - 1;
	const y = Math.max(top, 1) - 1;
	const [end, foot] = [Math.min(right, width), Math.min(bottom, height)];
	return end > x && foot > y ? [x, y, end, foot] : null;
}
