/** The sizes at which P-Net sees a picture, and the strips of each. */

/**
 * Scales at which a cell covers faces from `smallest` pixels to the picture's short side; may be none.
 * @param {Size} picture @param {number} smallest @param {DetectorRules} rules
 */
export function scales({ width, height }, smallest, { cell, factor }) {
	const found = [];
	let scale = cell / smallest;
	for (let side = Math.min(width, height) * scale; side >= cell; side *= factor, scale *= factor) found.push(scale);
	return found;
}

/**
 * First row of cells, first and one-past-last row of pixels of each horizontal strip: together, the whole level's cells.
 * @param {number} height @param {number} width @param {DetectorRules} rules
 */
export function* strips(height, width, { cell, stride, strip_pixels }) {
	const rows = Math.floor((height - 1) / stride) - 4;
	const step = Math.ceil(rows / Math.max(1, Math.round((height * width) / strip_pixels)));
	for (let first = 0; first < rows; first += step) {
		const last = first + step;
		yield [first, stride * first, last >= rows ? height : stride * (last - 1) + cell];
	}
}
