/** MTCNN's cascade: the same faces as the function's faces/detector.py, which says where each step comes from. */
import { corrected, moved, squared, window } from './boxes.js';
import { Face } from './face.js';
import { IntegralImage } from './pixels.js';
import { scales, strips } from './pyramid.js';
import { suppress, suppressNested } from './suppression.js';
import { evidence, mirroredCrops } from './upright.js';

const [RNET_SIDE, ONET_SIDE] = [24, 48];
const f = Math.fround;
const logit = (/** @type {number} */ probability) => f(Math.log(probability / (1 - probability)));
const probability = (/** @type {number} */ value) => f(1 / f(1 + f(Math.exp(-value))));

/** Over the sessions pnet, rnet and onet. */
export class Detector {
	/** @param {Run} run a network by its name @param {DetectorRules} rules */
	constructor(run, rules) {
		this.run = run;
		this.rules = rules;
		/** @type {WeakMap<Picture, IntegralImage>} */
		this.tables = new WeakMap();
	}

	/** All faces from `smallest` pixels up, largest first. @param {Picture} picture @param {number} smallest */
	async detect(picture, smallest) {
		const sizes = scales(picture, smallest, this.rules);
		if (!sizes.length) return [];
		const table = this.#table(picture);
		const proposed = (await this.#propose(table, sizes)).slice(0, this.rules.most_proposed);
		const refined = (await this.#refine(table, proposed)).slice(0, this.rules.most_refined);
		const faces = await this.#settle(table, refined);
		return faces.reverse().sort((a, b) => f(b.width * b.height) - f(a.width * a.height));
	}

	/** Made once for each picture. @param {Picture} picture */
	#table(picture) {
		const table = this.tables.get(picture) ?? new IntegralImage(picture);
		this.tables.set(picture, table);
		return table;
	}

	/** P-Net over the pyramid: square boxes. @param {IntegralImage} table @param {number[]} sizes */
	async #propose(table, sizes) {
		const found = [];
		for (const scale of sizes) found.push(...(await this.#proposeAt(table, scale)));
		return suppress(found, 0.7, this.rules.most_candidates).map(({ box, offsets }) => squared(moved(box, offsets)));
	}

	/** One level of the pyramid. @param {IntegralImage} table @param {number} scale */
	async #proposeAt(table, scale) {
		const { cell, stride, thresholds } = this.rules;
		const [height, width] = [Math.trunc(table.height * scale + 1), Math.trunc(table.width * scale + 1)];
		const least = logit(thresholds[0]);
		const found = [];
		for (const [firstRow, first, last] of strips(height, width, this.rules)) {
			const { data, dims } = await this.run('pnet', table.resize(height, width, first, last), [1, 3, last - first, width]);
			const [columns, cells] = [dims[3], dims[2] * dims[3]];
			for (let at = 0; at < cells; at++) {
				if (data[at] < least) continue;
				const [x, y] = [(at % columns) * stride, (Math.floor(at / columns) + firstRow) * stride];
				const corners = [x + 1, y + 1, x + cell, y + cell].map((side) => Math.floor(f(side / f(scale))));
				const offsets = [1, 2, 3, 4].map((plane) => data[at + plane * cells]);
				found.push({ box: /** @type {Box} */ (corners), score: probability(data[at]), offsets });
			}
		}
		return suppress(found, 0.5, this.rules.most_candidates);
	}

	/** R-Net: what looks like a face, corrected and squared again. @param {IntegralImage} table @param {Box[]} boxes */
	async #refine(table, boxes) {
		const found = await this.#look(table, boxes, 'rnet', RNET_SIDE, this.rules.rnet_batch, this.rules.thresholds[1]);
		return suppress(found, 0.7, this.rules.most_candidates).map(({ box, values }) => squared(corrected(box, values.subarray(1, 5))));
	}

	/** O-Net: final boxes, probabilities and landmarks. @param {IntegralImage} table @param {Box[]} boxes */
	async #settle(table, boxes) {
		const found = await this.#look(table, boxes, 'onet', ONET_SIDE, this.rules.onet_batch, this.rules.thresholds[2]);
		const faces = found.map(({ box, score, values }) => {
			const [wide, tall] = [f(f(box[2] - box[0]) + 1), f(f(box[3] - box[1]) + 1)];
			const landmarks = [5, 6, 7, 8, 9].map((at) => [
				f(f(f(wide * values[at]) + box[0]) - 1),
				f(f(f(tall * values[at + 5]) + box[1]) - 1),
			]);
			return { box: corrected(box, values.subarray(1, 5)), score, landmarks, crop: box, values };
		});
		const kept = suppressNested(faces, 0.7);
		const mirrored = await this.#look(table, kept.map(({ crop }) => crop), 'onet', ONET_SIDE, this.rules.onet_batch);
		return kept.map(({ box, score, landmarks, values }, at) => {
			return new Face(box, score, landmarks, evidence(score, values, mirrored[at].values, this.rules));
		});
	}

	/**
	 * What a network is sure enough of among the boxes that lie at least partly inside the picture; without a threshold, what
	 * it finds in the mirror images of all of them.
	 * @param {IntegralImage} table @param {Box[]} boxes @param {string} network @param {number} side @param {number} batch
	 * @param {number} [threshold]
	 */
	async #look(table, boxes, network, side, batch, threshold) {
		const inside = boxes.map((box) => ({ box, window: window(box, table) })).filter((one) => one.window !== null);
		const least = threshold === undefined ? -Infinity : logit(threshold);
		/** @type {(Candidate & {values: Float32Array})[]} */
		const found = [];
		for (let start = 0; start < inside.length; start += batch) {
			const some = inside.slice(start, start + batch);
			const crops = table.crops(some.map((one) => /** @type {Box} */ (one.window)), side);
			const pixels = threshold === undefined ? mirroredCrops(crops, side) : crops;
			const { data, dims } = await this.run(network, pixels, [some.length, 3, side, side]);
			some.forEach(({ box }, index) => {
				const values = data.subarray(index * dims[1], (index + 1) * dims[1]);
				if (values[0] > least) found.push({ box, score: probability(values[0]), values });
			});
		}
		return found;
	}
}
