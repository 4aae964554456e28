/** Is a face one, and upright? A face is the same in the mirror: where the landmarks move, O-Net was guessing. */
const f = Math.fround;

/**
 * The log-odds of a face, less what its mirror image takes away: see Face.evidence in the function's faces/detector.py.
 * @param {number} probability @param {Float32Array} values O-Net's: logit, four offsets, five x, five y
 * @param {Float32Array} mirrored the same of the mirror image @param {DetectorRules} rules
 */
export function evidence(probability, values, mirrored, rules) {
	let moved = 0;
	rules.mirrored.forEach((other, at) => {
		moved = f(moved + Math.abs(f(values[5 + at] - f(1 - mirrored[5 + other]))));
		moved = f(moved + Math.abs(f(values[10 + at] - mirrored[10 + other])));
	});
	const shift = f(moved / (2 * rules.mirrored.length));
	const likely = Math.min(probability, rules.most_probable);
	return Math.log(likely / (1 - likely)) - rules.mirror_weight * shift;
}

/** Crops [n,3,side,side], each row backwards. @param {Float32Array} crops @param {number} side */
export function mirroredCrops(crops, side) {
	const out = crops.slice();
	for (let row = 0; row < out.length; row += side) out.subarray(row, row + side).reverse();
	return out;
}
