/** From pictures to look-alikes: faces, embeddings, matches, in this order; the function's finder.py on the device. */
import { explain } from './explain.js';
import { rounded } from './gallery.js';
import { faceWarnings, pictureHint } from './quality.js';
import { quarterTurned } from './pixels.js';
import { detectAnyWayUp } from './turning.js';

/** As the API refuses: with a slug, and a hint what to do. */
export class Refusal extends Error {
	/** @param {string} slug @param {string} [hint] */
	constructor(slug, hint) {
		super(slug);
		this.slug = slug;
		this.hint = hint;
	}
}

export class Finder {
	/** @param {Detecting} detector @param {Embedding} embedder @param {Search} search @param {Constants} constants @param {string} model */
	constructor(detector, embedder, search, constants, model) {
		this.detector = detector;
		this.embedder = embedder;
		this.search = search;
		this.constants = constants;
		this.model = model;
	}

	/** Who looks most like each face of a picture, or like the one person in several. @param {Picture[]} pictures @param {Wishes} wishes */
	async find(pictures, { k, include, smallest }) {
		const probes = [];
		for (const picture of pictures) probes.push(await this.probes(picture, smallest));
		if (!probes.some((found) => found.length)) throw new Refusal('no-face', pictureHint(pictures[0], this.constants.quality));
		const several = pictures.length > 1;
		const groups = several ? [probes.flatMap((found) => found.slice(0, 1))] : probes[0].map((probe) => [probe]);
		const embeddings = await this.#embedded(groups, (probe) => probe.chip);
		const found = await this.search(embeddings, k);
		const faces = groups.map(([probe], index) => ({ ...faceOf(probe), matches: found[index], crop: probe.chip }));
		if (include.includes('mirror')) await this.#addMirrors(faces, groups);
		if (include.includes('explanation')) await this.#addReasons(faces, groups);
		const [{ width, height }] = pictures;
		const photos = several ? await this.#summaries(pictures, probes) : undefined;
		return { model: this.model, photo: { width, height }, faces, ...(photos && { photos }) };
	}

	/** How alike the largest faces of two pictures are. @param {Picture[]} pictures */
	async compare(pictures) {
		const sides = [];
		for (const picture of pictures) {
			const [probe] = await this.probes(picture);
			if (!probe) throw new Refusal('no-face', pictureHint(picture, this.constants.quality));
			sides.push({ width: picture.width, height: picture.height, ...faceOf(probe), chip: probe.chip });
		}
		const [first, second] = await this.embedder.embed(sides.map(({ chip }) => chip));
		const similarity = this.embedder.similarity(first, second);
		return {
			model: this.model,
			similarity: rounded(similarity, 5),
			percent: rounded((1 + similarity) * 50, 2),
			same_person: similarity >= this.embedder.entry.same_person,
			a: sides[0],
			b: sides[1],
		};
	}

	/** A picture's faces, largest first, ready to be embedded. @param {Picture} picture @param {number} [smallest] */
	async probes(picture, smallest) {
		const { turning, quality, most_faces } = this.constants;
		const { turns, faces } = await detectAnyWayUp(this.detector, picture, turning, smallest);
		const turned = quarterTurned(picture, turns);
		return faces.slice(0, most_faces).map((face) => {
			const chip = this.embedder.cut(turned, face);
			return { face: face.turnedBack(turns, picture), chip, warnings: faceWarnings(face, chip, turned, 1, quality) };
		});
	}

	/** One embedding a group. @param {Probe[][]} groups @param {(probe: Probe) => Uint8Array} chip */
	async #embedded(groups, chip) {
		const rows = await this.embedder.embed(groups.flat().map(chip));
		return groups.map((group) => this.embedder.average(rows.splice(0, group.length)));
	}

	/** Whether the mirror image finds the same person first. @param {DeviceFace[]} faces @param {Probe[][]} groups */
	async #addMirrors(faces, groups) {
		const size = this.embedder.entry.size;
		const found = await this.search(await this.#embedded(groups, ({ chip }) => mirrored(chip, size)), 1);
		faces.forEach((face, index) => {
			const [match] = found[index];
			if (!match) return;
			const { person, similarity } = match;
			face.mirror = { stable: person.id === face.matches[0].person.id, person, similarity };
		});
	}

	/** Which regions carry the likeness, for the largest faces. @param {DeviceFace[]} faces @param {Probe[][]} groups */
	async #addReasons(faces, groups) {
		for (const [index, face] of faces.slice(0, this.constants.explain.most).entries()) {
			const target = face.matches[0]?.embedding;
			if (target) face.explanation = await explain(this.embedder, groups[index][0].chip, target, this.constants.explain);
		}
	}

	/** What each of several photos would have answered alone. @param {Picture[]} pictures @param {Probe[][]} probes */
	async #summaries(pictures, probes) {
		const chips = probes.flatMap((found) => found.slice(0, 1).map(({ chip }) => chip));
		const alone = await this.search(await this.embedder.embed(chips), 1);
		return pictures.map(({ width, height }, index) => {
			const winner = probes[index].length ? alone.shift()?.[0]?.person : undefined;
			return { width, height, faces: probes[index].length, winner: winner ?? null };
		});
	}
}

/** @param {Probe} probe */
const faceOf = ({ face, warnings }) => ({
	box: /** @type {Box} */ (face.box.map((side) => rounded(side, 2))),
	probability: rounded(face.probability, 5),
	landmarks: face.landmarks.map(([x, y]) => [rounded(x, 2), rounded(y, 2)]),
	warnings,
});

/** @param {Uint8Array} chip @param {number} size */
function mirrored(chip, size) {
	const out = new Uint8Array(chip.length);
	for (let at = 0; at < size * size; at++) {
		const from = at - (at % size) + size - 1 - (at % size);
		out.set(chip.subarray(3 * from, 3 * from + 3), 3 * at);
	}
	return out;
}
