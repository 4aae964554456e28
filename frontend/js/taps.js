/** A tap is for what it touches. What comes up under the finger meanwhile, or between the taps of a double tap, is not meant. */
import { DOUBLE_TAP_MS } from './dom.js';

const NEAR = 24; // pixels

export function startTaps() {
	let [since, x, y, stray, pointed] = [-Infinity, 0, 0, false, false];
	/** @type {Element | null} */
	let meant = null;
	const pressed = (/** @type {PointerEvent} */ { timeStamp, clientX, clientY, target, pointerType }) => {
		const again = pointerType === 'touch' && timeStamp - since < DOUBLE_TAP_MS && Math.hypot(clientX - x, clientY - y) < NEAR;
		stray = again && target !== meant;
		if (!again) meant = /** @type {Element} */ (target);
		[since, x, y, pointed] = [timeStamp, clientX, clientY, true];
	};
	addEventListener('pointerdown', pressed, true);
	addEventListener('pointercancel', () => (pointed = false), true); // the finger scrolls
	addEventListener('click', (event) => {
		const byPointer = pointed;
		pointed = false;
		// Keys and screen readers press without a place.
		if (!byPointer || !event.detail || !(stray || !meant?.isConnected || meant.closest('[hidden]'))) return;
		event.stopPropagation();
		event.preventDefault();
	}, true);
}
