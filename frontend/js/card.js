/** The picture card for passing on, drawn on the device: a JPEG that any messenger takes. */
import { h } from './dom.js';
import { t, whole } from './i18n.js';
import { encoded, penOf } from './photo.js';

const [WIDTH, HEIGHT] = [1080, 1350];
const MIDDLE = WIDTH / 2;
const [WALL, DEEP, BRASS, LIGHT, INK] = ['#2a5749', '#12302a', '#d8b26a', '#f7f0e2', '#28231c'];
const MOST_BYTES = 300_000;
const PATIENCE_MS = 5000;

const canvas = h('canvas', { width: WIDTH, height: HEIGHT });
const pen = penOf(canvas);

/** @param {Card} card @returns {Promise<Blob>} */
export async function drawCard({ title, you, other, zoom, percent, name, line, next }) {
	const [portrait, code] = await Promise.all([typeof other === 'string' ? loaded(other) : other, loaded('qr.svg')]);
	const light = pen.createRadialGradient(MIDDLE, 400, 100, MIDDLE, 500, 900);
	light.addColorStop(0, WALL);
	light.addColorStop(1, DEEP);
	box(light, 0, 0, WIDTH, HEIGHT);
	write(title, 130, 68, LIGHT);
	hang(80, () => pen.drawImage(you, 0, 0, 388, 485));
	hang(MIDDLE + 20, () => portraitOr(portrait, [...name][0] ?? '', zoom));
	seal(percent);
	box(LIGHT, 80, 880, WIDTH - 160, 200);
	write(name, line ? 956 : 1000, 62, INK);
	write(line, 1030, 40, INK, 'italic');
	const [x, room] = code ? [MIDDLE - 90, 700] : [MIDDLE, 900];
	if (next[0]) write(t('card.next', { names: next.join(' · ') }), 1160, 34, LIGHT, '', x, room);
	write(`${t('name')} · ${address()}`, 1240, 34, BRASS, '', x, room);
	if (code) {
		box(LIGHT, 820, 1110, 180, 180);
		pen.imageSmoothingEnabled = false;
		pen.drawImage(code, 828, 1118, 164, 164);
		pen.imageSmoothingEnabled = true;
	}
	return small();
}

/** Where the page lives, as one would type it. */
export const address = () => `${location.host}${location.pathname.replace(/\/$|index\.html$/, '')}`;

async function small() {
	for (let quality = 0.9; ; quality -= 0.1) {
		const card = await encoded(canvas, 'image/jpeg', quality);
		if (card.size < MOST_BYTES || quality < 0.4) return card;
	}
}

/** A picture, or nothing when it cannot be had soon. @param {string} src @returns {Promise<HTMLImageElement | null>} */
const loaded = (src) =>
	new Promise((resolve) => {
		if (!src) return resolve(null);
		const image = Object.assign(new Image(), { crossOrigin: '', onload: () => resolve(image), onerror: () => resolve(null), src });
		setTimeout(() => resolve(null), PATIENCE_MS);
	});

/** @param {number} left @param {() => void} draw 388 × 485 pixels */
function hang(left, draw) {
	pen.shadowColor = '#0009';
	pen.shadowBlur = pen.shadowOffsetY = 25;
	box(BRASS, left, 200, 440, 537);
	pen.shadowColor = '#0000';
	box(LIGHT, left + 10, 210, 420, 517);
	pen.save();
	pen.translate(left + 26, 226);
	pen.beginPath();
	pen.rect(0, 0, 388, 485);
	pen.clip();
	draw();
	pen.restore();
}

/** As the page shows it, or its person's initial. @param {Canvas | HTMLImageElement | null} image @param {string} initial @param {number} zoom */
function portraitOr(image, initial, zoom) {
	const side = 485 * zoom;
	if (image instanceof HTMLCanvasElement) pen.drawImage(image, 0, 0, 388, 485);
	else if (image) pen.drawImage(image, 194 - side / 2, 485 * 0.42 - side * 0.42, side, side);
	else write(initial, 300, 180, INK, '', 194);
}

/** @param {number} value */
function seal(value) {
	arc(62, 124, DEEP, 2);
	arc(104, 16, '#456a5f', 2);
	arc(104, 16, BRASS, value / 50);
	write(whole(value), 758, 60, LIGHT);
}

/** @param {number} radius @param {number} thick @param {string} colour @param {number} turn in π */
function arc(radius, thick, colour, turn) {
	pen.beginPath();
	pen.arc(MIDDLE, 737, radius, -Math.PI / 2, (turn - 0.5) * Math.PI);
	pen.lineWidth = thick;
	pen.strokeStyle = colour;
	pen.stroke();
}

/** @param {string | CanvasGradient} colour @param {Box} place left, top, width, height */
function box(colour, ...place) {
	pen.fillStyle = colour;
	pen.fillRect(...place);
}

/** @param {string} text @param {number} y @param {number} size @param {string} colour */
function write(text, y, size, colour, style = '', x = MIDDLE, room = WIDTH - 200) {
	const family = getComputedStyle(document.documentElement).getPropertyValue(size > 50 ? '--serif' : '--sans');
	pen.font = `${style} 600 ${size}px ${family}`;
	const wide = pen.measureText(text).width;
	if (wide > room) pen.font = `${style} 600 ${Math.floor((size * room) / wide)}px ${family}`; // smaller, not squeezed
	pen.textAlign = 'center';
	pen.fillStyle = colour;
	pen.fillText(text, x, y, room);
}
