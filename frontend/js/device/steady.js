/** A winner that does not flicker: similarities are smoothed over time, and another person has to be clearly ahead. */

const NEWS = 0.3; // share of the latest look in what is shown
const AHEAD = 0.02; // similarity: one point of a percentage
const PATIENCE = 5; // looks without a face before nobody is shown

export class Steady {
	/** @type {Map<string, Likely>} */
	#likely = new Map();
	#winner = '';
	#missed = 0;

	/** Whom to show after another look. @param {Likely[]} matches best first, none without a face @returns {Likely | null} */
	after(matches) {
		if (!matches.length) return ++this.#missed < PATIENCE ? this.#shown() : this.#forget();
		this.#missed = 0;
		const least = matches[matches.length - 1]?.similarity ?? 0;
		const now = new Map(matches.map((match) => [match.person.id, match]));
		for (const id of new Set([...now.keys(), ...this.#likely.keys()])) {
			const match = now.get(id);
			const before = this.#likely.get(id);
			// Who is not among the best is at most as alike as the last of them.
			const similarity = match?.similarity ?? Math.min(least, before?.similarity ?? least);
			const smooth = before ? before.similarity + NEWS * (similarity - before.similarity) : similarity;
			this.#likely.set(id, { person: match?.person ?? /** @type {Likely} */ (before).person, similarity: smooth });
		}
		const best = [...this.#likely.values()].reduce((a, b) => (b.similarity > a.similarity ? b : a));
		if (best.similarity > (this.#shown()?.similarity ?? -2) + AHEAD) this.#winner = best.person.id;
		return this.#shown();
	}

	#shown() {
		return this.#likely.get(this.#winner) ?? null;
	}

	#forget() {
		this.#likely.clear();
		return null;
	}
}
