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

	/** The `k` most alike, each once, best first. @param {Sought} probe @param {number} k @param {Similarity} similarity */
	search(probe, k, similarity) {
		/** @type {Map<number, {similarity: number, row: number}>} */
		const best = new Map();
		this.rows.forEach((embedding, row) => {
			const { index } = this.owners[row];
			const found = similarity(probe.embedding, embedding, probe.spread);
			if (!(found <= (best.get(index)?.similarity ?? -2))) best.set(index, { similarity: found, row });
		});
		const strong = this.#strongFrom([...best.values()].map((one) => one.similarity));
		const ranked = [...best].sort(([i, a], [j, b]) => b.similarity - a.similarity || i - j).slice(0, k);
		return ranked.map(([index, { similarity, row }], place) => this.#match(place + 1, index, similarity, row, strong));
	}

	/** The similarity from which a match of one probe is strong: see the function's Scale.strong_from. @param {number[]} all to everybody */
	#strongFrom(all) {
		const { same_person, stands_out, cohort, tenth_to_ninetieth } = this.scale;
		const rule = same_person ?? Infinity;
		if (stands_out === null) return rule;
		const most = Math.min(all.length, cohort);
		const chosen = Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]).sort((a, b) => a - b);
		const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(chosen, share));
		return Math.min(rule, middle + (stands_out * (high - low)) / tenth_to_ninetieth);
	}

	/** @param {number} rank @param {number} index @param {number} similarity @param {number} row @param {number} strong */
	#match(rank, index, similarity, row, strong) {
		const { id, name, department } = this.people[index];
		const person = { id, name, department, portrait: this.owners[row].portrait };
		return {
			rank,
			person,
			similarity,
			percent: rounded((1 + similarity) * 50, 2),
			closer_than: roundedDown(shareBelow(this.scale.quantiles, similarity)),
			closer_than_nearest: roundedDown(shareBelow(this.scale.nearest, similarity)),
			strong: similarity >= strong,
			embedding: this.rows[row],
		};
	}
}

/** What matches amount to, best first. @param {DeviceMatch[]} matches @param {number} close in percent @returns {Verdict} */
export function verdict([first, second], close) {
	if (!first) return 'none';
	if (first.strong) return 'strong';
	if (first.similarity <= 0) return 'none';
	return second && (first.similarity - second.similarity) * 50 < close ? 'close' : 'clear';
}

/** Interpolated linearly. @param {number[]} sorted @param {number} share */
function quantile(sorted, share) {
	const position = (sorted.length - 1) * share;
	const below = Math.floor(position);
	const above = Math.min(below + 1, sorted.length - 1);
	return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
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
