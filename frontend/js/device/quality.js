/** What may make a face hard to recognise, as the function's faces/quality.py finds it. */

/**
 * @param {FaceFound} face @param {Uint8Array} chip RGB @param {Size} picture that was searched @param {number} scale of that to the photo
 * @param {QualityRules} rules
 */
export function faceWarnings(face, chip, picture, scale, rules) {
	const size = Math.sqrt(chip.length / 3);
	const light = luma(chip, 3);
	const checks = {
		'too-small': Math.min(face.width, face.height) / scale < rules.min_side,
		'cut-by-edge': cutByEdge(face, picture),
		turned: turn(face) > rules.turned,
		blurred: sharpness(light, size, size) < rules.sharpness,
		'too-dark': mean(light) < rules.dark,
		'too-bright': mean(light) > rules.bright,
	};
	return Object.entries(checks).filter(([, found]) => found).map(([name]) => name);
}

/** Why no face may have been found. @param {Picture} picture @param {QualityRules} rules */
export function pictureHint({ data, width, height }, rules) {
	if (Math.min(width, height) < rules.min_side) return 'too-small';
	const light = luma(data, 4);
	if (mean(light) < rules.dark / 2) return 'too-dark';
	if (mean(light) > (rules.bright + 255) / 2) return 'too-bright';
	if (deviation(light) > 8 && sharpness(light, width, height) < rules.sharpness / 3) return 'blurred';
	return 'none-found';
}

/** ITU-R BT.601 luma. @param {Bytes} pixels @param {number} channels of each pixel */
function luma(pixels, channels) {
	const light = new Float32Array(pixels.length / channels);
	for (let at = 0, from = 0; at < light.length; at++, from += channels) {
		light[at] = 0.299 * pixels[from] + 0.587 * pixels[from + 1] + 0.114 * pixels[from + 2];
	}
	return light;
}

/** Mean absolute Laplacian in units of the contrast. @param {Float32Array} light @param {number} width @param {number} height */
function sharpness(light, width, height) {
	const middle = new Float32Array((width - 2) * (height - 2));
	let total = 0;
	for (let y = 1, to = 0; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++, to++) {
			const at = y * width + x;
			middle[to] = light[at];
			total += Math.abs(light[at - width] + light[at + width] + light[at - 1] + light[at + 1] - 4 * light[at]);
		}
	}
	return total / middle.length / Math.max(deviation(middle), 1);
}

/** @param {Float32Array} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param {Float32Array} values */
function deviation(values) {
	const middle = mean(values);
	return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}

/** @param {FaceFound} face @param {Size} picture */
function cutByEdge(face, { width, height }) {
	const slack = 0.04 * Math.max(face.width, face.height);
	const [left, top, right, bottom] = face.box;
	return left < -slack || top < -slack || right > width + slack || bottom > height + slack;
}

/** How far the nose lies off the middle between the eyes, in eye distances. @param {FaceFound} face */
function turn({ landmarks: [left, right, nose] }) {
	const [x, y] = [right[0] - left[0], right[1] - left[1]];
	const square = x * x + y * y;
	const along = (nose[0] - (left[0] + right[0]) / 2) * x + (nose[1] - (left[1] + right[1]) / 2) * y;
	return square > 0 ? Math.abs(along / square) : 1;
}
