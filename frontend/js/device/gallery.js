/** The gallery on the device: people, one embedding a photo, and what a similarity means among them. */

export class LocalGallery {
	/** @param {DeviceGallery} about @param {Float32Array} rows of all photos, in the order of people and their photos @param {number} width */
	constructor({ people, scale }, rows, width) {
		this.people = people;
		this.scale = scale;
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
			similarity,
			percent: rounded((1 + similarity) * 50, 2),
			closer_than: roundedDown(shareBelow(this.scale.quantiles, similarity)),
			closer_than_nearest: roundedDown(shareBelow(this.scale.nearest, similarity)),
			strong: similarity >= this.scale.threshold,
			embedding: this.rows[row],
		};
	}
}

/** What matches amount to, best first. @param {DeviceMatch[]} matches @param {number} close in percent @returns {Verdict} */
export function verdict([first, second], close) {
	if (!first) return 'none';
	if (first.strong) return 'strong';
	return second && (first.similarity - second.similarity) * 50 < close ? 'close' : 'clear';
}

/** Percent of what the quantiles stand for that lies below. @param {number[]} quantiles ascending @param {number} value */
function shareBelow(quantiles, value) {
	const last = quantiles.length - 1;
	if (last < 1 || value <= quantiles[0]) return 0;
	if (value >= quantiles[last]) return 100;
	const above = quantiles.findIndex((quantile) => quantile > value);
	const [low, high] = [quantiles[above - 1], quantiles[above]];
	return (100 * (above - 1 + (value - low) / (high - low))) / last;
}

/** To one digit, never up. @param {number} percent */
const roundedDown = (percent) => Math.floor(percent * 10 + 1e-3) / 10;

/** @param {number} value @param {number} digits */
export const rounded = (value, digits) => Number(value.toFixed(digits));
