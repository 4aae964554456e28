/** The picture card for passing on, drawn on the device. */
import { h } from './dom.js';
import { closer, percent, t } from './i18n.js';
import { cut, drawn, encoded, penOf } from './photo.js';

const [WIDTH, HEIGHT] = [1080, 1350];
const MIDDLE = WIDTH / 2;
const [WALL, DEEP, BRASS, LIGHT, INK] = ['#2a5749', '#12302a', '#d8b26a', '#f7f0e2', '#28231c'];

const canvas = h('canvas', { width: WIDTH, height: HEIGHT });
const pen = penOf(canvas);

/** @param {Canvas} you @param {HTMLImageElement | null} image the portrait @param {Match} match */
export function drawCard(you, image, { person, percent: value, closer_than, strong }) {
	const light = pen.createRadialGradient(MIDDLE, 400, 100, MIDDLE, 500, 900);
	light.addColorStop(0, WALL);
	light.addColorStop(1, DEEP);
	box(light, 0, 0, WIDTH, HEIGHT);
	write(t(strong ? 'best' : 'weak'), 160, 68, LIGHT);
	hang(you, 80);
	if (image) hang(whole(image), MIDDLE + 20);
	seal(value);
	box(LIGHT, 80, 960, WIDTH - 160, 250);
	write(person.name, 1045, 64, INK);
	write(person.department, 1108, 36, INK);
	write(closer(closer_than), 1168, 36, INK);
	write(`${t('name')} · ${location.host}`, 1295, 32, BRASS);
	return encoded(canvas, 'image/png');
}

/** @param {Canvas} image @param {number} left */
function hang(image, left) {
	pen.shadowColor = '#0009';
	pen.shadowBlur = pen.shadowOffsetY = 25;
	box(BRASS, left, 250, 440, 550);
	pen.shadowColor = '#0000';
	box(LIGHT, left + 10, 260, 420, 530);
	pen.drawImage(image, left + 26, 276, 388, 498);
}

/** @param {number} value */
function seal(value) {
	arc(62, 124, DEEP, 2);
	arc(104, 16, '#456a5f', 2);
	arc(104, 16, BRASS, value / 50);
	write(percent(value), 810, 56, LIGHT);
}

/** @param {number} radius @param {number} thick @param {string} colour @param {number} turn in π */
function arc(radius, thick, colour, turn) {
	pen.beginPath();
	pen.arc(MIDDLE, 790, radius, -Math.PI / 2, (turn - 0.5) * Math.PI);
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
function write(text, y, size, colour) {
	const family = getComputedStyle(document.documentElement).getPropertyValue(size > 50 ? '--serif' : '--sans');
	pen.font = `600 ${size}px ${family}`;
	pen.textAlign = 'center';
	pen.fillStyle = colour;
	pen.fillText(text, MIDDLE, y, WIDTH - 220);
}

/** A portrait is square, a frame is not. @param {HTMLImageElement} image */
function whole(image) {
	const { naturalWidth: width, naturalHeight: height } = image;
	return cut(drawn(image, [0, 0, width, height]), [0, 0, width, height], 384, 480);
}
