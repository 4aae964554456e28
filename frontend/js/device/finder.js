/** From pictures to look-alikes: faces, embeddings, matches, in this order; the function's finder.py on the device. */
import { rounded, verdict } from './gallery.js';
import { faceOf, findFaces, mirrored } from './probe.js';
import { pictureHint } from './quality.js';
import { addReasons } from './reasons.js';
import { Refusal } from './refusal.js';
import { each, samePersonGroups } from './subjects.js';

const MOST_GLANCED = 5;

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
		const detections = [];
		for (const picture of pictures) detections.push(await findFaces(this.detector, this.embedder, picture, this.constants, smallest));
		const probes = detections.map((detection) => detection.probes);
		if (!probes.some((found) => found.length)) throw new Refusal('no-face', pictureHint(pictures[0], this.constants.quality));
		const several = pictures.length > 1;
		const seen = several ? probes.flatMap((found) => found.slice(0, 1)) : probes[0];
		const alone = await this.embedder.embed(seen.map(({ chip }) => chip));
		const groups = several ? samePersonGroups(this.embedder, alone) : [];
		const own = several ? seen.filter((_, at) => groups[at] === 0) : seen;
		const shown = several ? own.slice(0, 1) : seen;
		const sought = several ? [this.embedder.average(alone.filter((_, at) => groups[at] === 0))] : each(alone);
		const found = await this.search(sought, k);
		const faces = shown.map((probe, index) => ({ ...faceOf(probe), ...this.#cautious(probe, found[index]), crop: probe.chip }));
		if (include.includes('mirror')) await this.#addMirrors(faces, own, several);
		if (include.includes('explanation')) await addReasons(this, faces, shown);
		const photos = several ? await this.#summaries(pictures, probes, alone, groups) : undefined;
		return {
			model: this.model,
			photo: { width: pictures[0].width, height: pictures[0].height, remarks: [] },
			faces: faces.map((face) => ({ ...face, matches: face.matches.map(told) })),
			...(photos && { photos }),
			left_out: detections.reduce((sum, detection) => sum + detection.left_out, 0),
			beyond_limit: detections.reduce((sum, detection) => sum + detection.beyond_limit, 0),
			smaller_possible: detections.some((detection) => detection.smaller_possible),
			different_people: groups.some((group) => group > 0),
		};
	}

	/** Whom the largest face looks like, if there is one: as little as a live mirror needs. @param {Picture} picture */
	async glance(picture) {
		const [probe] = (await findFaces(this.detector, this.embedder, picture, this.constants)).probes;
		if (!probe) return null;
		const [found] = await this.search(each(await this.embedder.embed([probe.chip])), MOST_GLANCED);
		return { ...faceOf(probe), matches: found.matches.map(({ person, similarity }) => ({ person, similarity })) };
	}

	/** How alike a face of one picture is to one of another. @param {Picture[]} pictures @param {number[]} wanted which of each, 0 for the largest */
	async compare(pictures, wanted) {
		const seen = [];
		for (const [index, picture] of pictures.entries()) {
			const { probes } = await findFaces(this.detector, this.embedder, picture, this.constants);
			if (!probes.length) throw new Refusal('no-face', pictureHint(picture, this.constants.quality));
			const [chosen, faces] = [wanted[index], probes.map(faceOf)];
			if (!probes[chosen]) throw new Refusal('invalid-parameter');
			seen.push({ chip: probes[chosen].chip, side: { width: picture.width, height: picture.height, ...faces[chosen], chosen, faces } });
		}
		const [first, second] = await this.embedder.embed(seen.map(({ chip }) => chip));
		const similarity = this.embedder.similarity(first, second);
		return {
			model: this.model,
			similarity: rounded(similarity, 5),
			percent: rounded((1 + similarity) * 50, 2),
			same_person: this.embedder.takesForOne(similarity),
			a: seen[0].side,
			b: seen[1].side,
		};
	}

	/** What may be no face at all is no likeness. @param {Probe} probe @param {{verdict: Verdict, matches: DeviceMatch[]}} found */
	#cautious({ warnings }, found) {
		if (!warnings.includes('unsure')) return found;
		const matches = found.matches.map((match) => ({ ...match, strong: false }));
		return { verdict: verdict(matches, this.constants.close), matches };
	}

	/** Whether the mirror image finds the same person first. @param {DeviceFace[]} faces @param {Probe[]} seen @param {boolean} several */
	async #addMirrors(faces, seen, several) {
		const { size } = this.embedder.entry;
		const embeddings = await this.embedder.embed(seen.map(({ chip }) => mirrored(chip, size)));
		const found = await this.search(several ? [this.embedder.average(embeddings)] : each(embeddings), 1);
		faces.forEach((face, index) => {
			const [match] = found[index].matches;
			if (!match) return;
			const { person, similarity } = match;
			face.mirror = { stable: person.id === face.matches[0].person.id, person, similarity: rounded(similarity, 5) };
		});
	}

	/** What each of several photos would have answered alone. @param {Picture[]} pictures @param {Probe[][]} probes @param {Float32Array[]} alone @param {number[]} groups */
	async #summaries(pictures, probes, alone, groups) {
		const found = await this.search(each(alone), 1);
		const numbers = [...groups];
		return pictures.map(({ width, height }, index) => {
			if (!probes[index].length) return { width, height, faces: 0, winner: null, group: null };
			const winner = found.shift()?.matches[0]?.person ?? null;
			return { width, height, faces: probes[index].length, winner, group: numbers.shift() };
		});
	}
}

/** @param {DeviceMatch} match */
const told = ({ embedding, similarity, ...match }) => ({ ...match, similarity: rounded(similarity, 5) });
