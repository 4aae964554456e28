/** Two photos, one percentage. */
import { compare } from './api.js';
import { $, button, div, h, picture, say, title } from './dom.js';
import { alike, onWords, t, texts } from './i18n.js';
import { pick } from './intake.js';
import { cut, prepare } from './photo.js';
import { frame, ring } from './portraits.js';
import { failure } from './problem.js';

/** @type {(Photo | undefined)[]} */
const photos = [];
/** @type {Comparison | null} */
let result = null;
/** @type {unknown} */
let problem = null;

export const startCompare = () => onWords(draw);

/** Puts dropped or pasted photos into the frames, the empty one first. @param {Blob[]} files */
export const receive = (files) => fill(photos[0] && !photos[1] ? 1 : 0, files);

/** @param {number} first frame @param {Blob[]} files none to ask again */
async function fill(first, files) {
	result = problem = null;
	try {
		for (const [index, file] of files.slice(0, 2).entries()) photos[(first + index) % 2] = await prepare(file);
		draw();
		const [a, b] = photos;
		if (!a || !b) return;
		say(t('think'));
		const answer = await compare(a, b);
		if (a !== photos[0] || b !== photos[1]) return; // another photo has been chosen meanwhile
		result = answer;
		say(alike(answer.percent));
	} catch (error) {
		problem = error;
	}
	draw();
}

function draw() {
	const busy = photos[0] && photos[1] && !result && !problem;
	const pair = div(busy ? 'pair busy' : 'pair', view(0, 'a'), view(1, 'b'), result && ring(result.percent));
	const choices = div('taps', choice(0, 'first'), choice(1, 'second'));
	$('compare').replaceChildren(
		div('wall best', div('duo', title(t(busy ? 'think' : 'compare')), pair, choices)),
		div('sheet', ...(problem ? failure(problem, () => fill(0, [])) : verdict())),
	);
}

/** @param {0 | 1} index @param {'a' | 'b'} side */
function view(index, side) {
	const canvas = photos[index]?.canvas;
	if (!canvas) return frame('?');
	const box = result?.[side].box ?? [0, 0, canvas.width, canvas.height];
	return frame(picture(cut(canvas, box, 384, 480), t(index ? 'second' : 'first')));
}

/** @param {0 | 1} index @param {Word} word */
const choice = (index, word) =>
	button('picture', t(word), async () => {
		const files = await pick('file');
		if (files[0]) fill(index, files);
	});

function verdict() {
	if (!result) return [h('p', { className: 'soft' }, t('privacy'))];
	const { same_person, a, b } = result;
	const advice = texts([...new Set([...a.warnings, ...b.warnings])]);
	return [h('h2', {}, t(same_person ? 'same' : 'different')), ...advice.map((text) => h('p', {}, text))];
}
