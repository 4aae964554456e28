/** The moment before an answer, and how it comes: skipped by a tap, and absent for who wants no motion. */
import { whole } from './i18n.js';

const SUSPENSE_MS = 1600;
const COUNT_MS = 1100;

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The rest of the moment. @param {number} since when the photo was given, in ms of performance.now() */
export const suspense = (since) =>
	new Promise((resolve) => {
		if (calm()) return resolve(true);
		setTimeout(resolve, SUSPENSE_MS - (performance.now() - since));
		addEventListener('pointerdown', resolve, { once: true });
		addEventListener('keydown', resolve, { once: true });
	});

/** From nothing to the value. @param {Element} element @param {number} value */
export function countUp(element, value) {
	const start = performance.now();
	let over = calm();
	const skip = () => {
		over = true;
		for (const animation of document.getAnimations?.() ?? []) animation.finish();
	};
	addEventListener('pointerdown', skip, { once: true });
	const step = (/** @type {number} */ now) => {
		const share = over ? 1 : Math.min(1, Math.max(0, (now - start) / COUNT_MS));
		element.textContent = whole(value * (1 - (1 - share) ** 3));
		if (share < 1) requestAnimationFrame(step);
		else removeEventListener('pointerdown', skip);
	};
	step(start);
}
