/** Two photos, one percentage. */
import { compare } from './backend.js';
import { $, button, div, h, picture, say, title } from './dom.js';
import { alike, t, texts } from './i18n.js';
import { pick } from './intake.js';
import { faceIn } from './frame.js';
import { prepare } from './photo.js';
import { frame, ring } from './portraits.js';
import { failure } from './problem.js';
import { now, tell } from './state.js';

/** Puts dropped or pasted photos into the frames, the empty one first. @param {Blob[]} files */
export function receive(files) {
	const [a, b] = now().data.photos ?? [];
	return fill(a && !b ? 1 : 0, files);
}

/** @param {number} first frame @param {Blob[]} files none to ask again */
async function fill(first, files) {
	const here = now();
	const photos = [...(here.data.photos ?? [])];
	here.data.run?.abort();
	const run = new AbortController();
	tell(here, { run, result: null, problem: null });
	try {
		for (const [index, file] of files.slice(0, 2).entries()) photos[(first + index) % 2] = await prepare(file);
		tell(here, { photos });
		if (!photos[0] || !photos[1]) return;
		say(t('think'));
		const result = await compare(photos[0], photos[1], { signal: run.signal });
		tell(here, { result });
		say(alike(result.percent));
	} catch (problem) {
		if (!run.signal.aborted) tell(here, { problem });
	}
}

/** @param {Comparing} data */
export function draw({ photos = [], result, problem }) {
	const busy = photos[0] && photos[1] && !result && !problem;
	const pair = div(busy ? 'pair busy' : 'pair', view(photos[0], result?.a, 'first'), view(photos[1], result?.b, 'second'));
	if (result) pair.append(ring(result.percent));
	const choices = div('taps', choice(0, 'first'), choice(1, 'second'));
	$('compare').replaceChildren(
		div('wall best', div('duo', title(t(busy ? 'think' : 'compare')), pair, choices)),
		div('sheet', ...(problem ? failure(problem, () => fill(0, [])) : verdict(result))),
	);
}

/** @param {Photo | undefined} photo @param {Side | undefined} side @param {Word} word */
function view(photo, side, word) {
	if (!photo) return frame('?');
	return frame(picture(side ? faceIn(photo.canvas, side, 600).canvas : photo.canvas, t(word)));
}

/** @param {0 | 1} index @param {Word} word */
const choice = (index, word) =>
	button('picture', t(word), async () => {
		const files = await pick('file');
		if (files[0]) fill(index, files);
	});

/** @param {Comparison | null | undefined} result */
function verdict(result) {
	if (!result) return [h('p', { className: 'soft' }, t('privacy'))];
	const { same_person, a, b } = result;
	const advice = texts([...new Set([...a.warnings, ...b.warnings])]);
	return [h('h2', {}, t(same_person ? 'same' : 'different')), ...advice.map((text) => h('p', {}, text))];
}
