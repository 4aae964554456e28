/** NumPy's file format (version 1): an array of 32-bit floats. @param {Uint8Array<ArrayBuffer>} file */
export function numbers(file) {
	const header = new DataView(file.buffer).getUint16(8, true);
	return new Float32Array(file.buffer, 10 + header);
}
