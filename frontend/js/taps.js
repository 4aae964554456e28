/** A tap is for what it touches. What comes up under the finger meanwhile, or between the taps of a double tap, is not meant. */
import { DOUBLE_TAP_MS } from './dom.js';

const NEAR = 24; // pixels

export function startTaps() {
	let [since, x, y, stray] = [-Infinity, 0, 0, false];
	/** @type {Element | null} */
	let meant = null;
	const pressed = (/** @type {PointerEvent} */ { timeStamp, clientX, clientY, target, pointerType }) => {
		const again = pointerType === 'touch' && timeStamp - since < DOUBLE_TAP_MS && Math.hypot(clientX - x, clientY - y) < NEAR;
		stray = again && target !== meant;
		if (!again) meant = /** @type {Element} */ (target);
		[since, x, y] = [timeStamp, clientX, clientY];
	};
	addEventListener('pointerdown', pressed, true);
	addEventListener('click', (event) => {
		if (!event.detail || !(stray || !meant?.isConnected || meant.closest('[hidden]'))) return; // keys press without a place
		event.stopPropagation();
		event.preventDefault();
	}, true);
}
