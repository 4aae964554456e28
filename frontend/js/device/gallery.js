/** The gallery on the device: people, one embedding a photo, and what a similarity means among them. */

export class LocalGallery {
	/** @param {DeviceGallery} index @param {Float32Array} rows of all photos, in the order of people and their photos @param {number} width */
	constructor({ people, quantiles, threshold }, rows, width) {
		this.people = people;
		this.quantiles = quantiles;
		this.threshold = threshold;
		this.width = width;
		/** Of each row, who it shows. */
		this.owners = people.flatMap((person, index) => person.photos.map((portrait) => ({ index, portrait })));
		this.rows = this.owners.map((_, row) => rows.subarray(row * width, (row + 1) * width));
	}

	/** The `k` most alike, each once, best first. @param {Float32Array} probe @param {number} k @param {Similarity} similarity */
	search(probe, k, similarity) {
		/** @type {Map<number, {similarity: number, row: number}>} */
		const best = new Map();
		this.rows.forEach((embedding, row) => {
			const { index } = this.owners[row];
			const found = similarity(probe, embedding);
			if (!(found <= (best.get(index)?.similarity ?? -2))) best.set(index, { similarity: found, row });
		});
		const ranked = [...best].sort(([i, a], [j, b]) => b.similarity - a.similarity || i - j).slice(0, k);
		return ranked.map(([index, { similarity, row }], place) => this.#match(place + 1, index, similarity, row));
	}

	/** @param {number} rank @param {number} index @param {number} similarity @param {number} row */
	#match(rank, index, similarity, row) {
		const { id, name, department } = this.people[index];
		const person = { id, name, department, portrait: this.owners[row].portrait };
		return {
			rank,
			person,
			similarity: rounded(similarity, 5),
			percent: rounded((1 + similarity) * 50, 2),
			closer_than: rounded(this.#closerThan(similarity), 1),
			strong: similarity >= this.threshold,
			embedding: this.rows[row],
		};
	}

	/** Percent of all pairs of different people that are less alike. @param {number} similarity */
	#closerThan(similarity) {
		const { quantiles } = this;
		const last = quantiles.length - 1;
		if (last < 1 || similarity <= quantiles[0]) return 0;
		if (similarity >= quantiles[last]) return 100;
		const above = quantiles.findIndex((quantile) => quantile > similarity);
		const below = above - 1;
		return (100 * (below + (similarity - quantiles[below]) / (quantiles[above] - quantiles[below]))) / last;
	}
}

/** @param {number} value @param {number} digits */
export const rounded = (value, digits) => Number(value.toFixed(digits));
