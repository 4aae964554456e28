/** Faces to embeddings: each face is cut as the manifest says, and the network sees all of them in batches. */
import { alignFace } from './align.js';
import { cropFace } from './crop.js';

const f = Math.fround;

export class Embedder {
	/** @param {Run} run @param {EmbedderEntry} entry of the manifest @param {EmbedderRules} rules */
	constructor(run, entry, rules) {
		this.run = run;
		this.entry = entry;
		this.rules = rules;
	}

	/** The face as the network sees it: RGB bytes. @param {Picture} picture @param {FaceFound} face */
	cut(picture, face) {
		const { cut, size, margin, template } = this.entry;
		return cut === 'box' ? cropFace(picture, face.box, size, margin) : alignFace(picture, face.landmarks, template, size);
	}

	/** @param {Uint8Array[]} chips @returns {Promise<Float32Array[]>} an embedding each */
	async embed(chips) {
		const { size, width } = this.entry;
		const embeddings = [];
		for (let start = 0; start < chips.length; start += this.rules.batch) {
			const some = chips.slice(start, start + this.rules.batch);
			const { data } = await this.run('embedder', this.#planes(some), [some.length, 3, size, size]);
			for (let row = 0; row < some.length; row++) embeddings.push(data.slice(row * width, (row + 1) * width));
		}
		return embeddings;
	}

	/** The mean of several embeddings of one person, and their spread: the mean d² to it. @param {Float32Array[]} embeddings */
	average(embeddings) {
		const embedding = embeddings[0].map((_, at) => embeddings.reduce((sum, one) => sum + one[at], 0) / embeddings.length);
		const spread = embeddings.reduce((sum, one) => sum + squaredDistance(one, embedding), 0) / embeddings.length;
		return { embedding, spread };
	}

	/** −1…1: the cosine seen from the embeddings' common centre. @param {Float32Array} first @param {Float32Array} second */
	similarity(first, second, spread = 0) {
		const squared = squaredDistance(first, second) + spread;
		return Math.min(1, Math.max(-1, 1 - squared / (2 * this.entry.radius ** 2)));
	}

	/** Whether two faces as alike as this show one person; null where the network has no rule for that. @param {number} similarity */
	takesForOne(similarity) {
		const { same_person } = this.entry;
		return same_person === null ? null : similarity >= same_person;
	}

	/** @param {Uint8Array[]} chips */
	#planes(chips) {
		const { mean, scale, size, colour } = this.entry;
		const order = colour === 'bgr' ? [2, 1, 0] : [0, 1, 2];
		const plane = size * size;
		const out = new Float32Array(chips.length * 3 * plane);
		chips.forEach((chip, index) => {
			for (let at = 0; at < plane; at++) {
				for (let channel = 0; channel < 3; channel++) {
					const value = f(chip[3 * at + order[channel]] - f(mean[channel]));
					out[(index * 3 + channel) * plane + at] = value / f(scale);
				}
			}
		});
		return out;
	}
}

/** @param {Float32Array} first @param {Float32Array} second */
const squaredDistance = (first, second) => first.reduce((sum, value, at) => sum + (value - second[at]) ** 2, 0);
