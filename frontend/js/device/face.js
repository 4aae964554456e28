/** A face in a picture, and the same face in that picture turned or at another size. */

const f = Math.fround;

export class Face {
	/**
	 * @param {Box} box @param {number} probability @param {Point[]} landmarks eyes, nose, corners of the mouth; left first
	 * @param {number} evidence how sure it is that this is a face, and upright, in log-odds
	 */
	constructor(box, probability, landmarks, evidence) {
		this.box = box;
		this.probability = probability;
		this.landmarks = landmarks;
		this.evidence = evidence;
	}

	get width() {
		return f(this.box[2] - this.box[0]);
	}

	get height() {
		return f(this.box[3] - this.box[1]);
	}

	/** In a picture of this size, when it was found in that picture after quarter turns. @param {number} turns @param {Size} size */
	turnedBack(turns, { width, height }) {
		const back = (/** @type {Point} */ [x, y]) => {
			if (turns % 4 === 1) return /** @type {Point} */ ([f(width - y), x]);
			if (turns % 4 === 2) return /** @type {Point} */ ([f(width - x), f(height - y)]);
			return /** @type {Point} */ (turns % 4 === 3 ? [y, f(height - x)] : [x, y]);
		};
		const [left, top, right, bottom] = this.box;
		const [a, b] = [back([left, top]), back([right, bottom])];
		const low = [0, 1].map((side) => Math.min(a[side], b[side]));
		const high = [0, 1].map((side) => Math.max(a[side], b[side]));
		return new Face(/** @type {Box} */ ([...low, ...high]), this.probability, this.landmarks.map(back), this.evidence);
	}

	/** At another size. @param {number} factor */
	scaled(factor) {
		const by = f(factor);
		const box = /** @type {Box} */ (this.box.map((side) => f(side * by)));
		const landmarks = /** @type {Point[]} */ (this.landmarks.map(([x, y]) => [f(x * by), f(y * by)]));
		return new Face(box, this.probability, landmarks, this.evidence);
	}
}
