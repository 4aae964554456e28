/** Non-maximum suppression: of boxes that show the same face, the surest stays. */

const f = Math.fround;

/**
 * By intersection over union, as ONNX Runtime's NonMaxSuppression computes it in single precision; best first.
 * @template {Candidate} T
 * @param {T[]} candidates @param {number} overlap @param {number} most so many are looked at, the best
 */
export function suppress(candidates, overlap, most) {
	/** @type {T[]} */
	const kept = [];
	// Sorting is stable: of equals, the earlier one is better.
	for (const candidate of [...candidates].sort((a, b) => b.score - a.score).slice(0, most)) {
		if (!kept.some((better) => intersectionOverUnion(better.box, candidate.box) > overlap)) kept.push(candidate);
	}
	return kept;
}

/** @param {Box} a @param {Box} b */
function intersectionOverUnion(a, b) {
	const wide = f(Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
	if (wide <= 0) return 0;
	const tall = f(Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
	if (tall <= 0) return 0;
	const shared = f(wide * tall);
	return f(shared / f(f(area(a) + area(b)) - shared));
}

/** @param {Box} box */
const area = ([left, top, right, bottom]) => f(f(right - left) * f(bottom - top));

/**
 * By intersection over the smaller box: a face within a face goes; best first.
 * @template {Candidate} T
 * @param {T[]} candidates @param {number} overlap
 */
export function suppressNested(candidates, overlap) {
	/** @type {T[]} */
	const kept = [];
	let rest = [...candidates].sort((a, b) => a.score - b.score);
	for (let best = rest.pop(); best; best = rest.pop()) {
		const { box } = best;
		kept.push(best);
		rest = rest.filter((other) => nesting(box, other.box) <= overlap);
	}
	return kept;
}

/** @param {Box} a @param {Box} b */
function nesting(a, b) {
	const wide = Math.max(0, f(f(Math.min(a[2], b[2]) - Math.max(a[0], b[0])) + 1));
	const tall = Math.max(0, f(f(Math.min(a[3], b[3]) - Math.max(a[1], b[1])) + 1));
	return f(f(wide * tall) / Math.min(pixels(a), pixels(b)));
}

/** @param {Box} box */
const pixels = ([left, top, right, bottom]) => f(f(f(right - left) + 1) * f(f(bottom - top) + 1));
