/** As the API refuses: with a slug, and a hint what to do. */
export class Refusal extends Error {
	/** @param {string} slug @param {string} [hint] */
	constructor(slug, hint) {
		super(slug);
		this.slug = slug;
		this.hint = hint;
	}
}
