/** ONNX Runtime and the sessions of the manifest's networks, tried with a golden input before the first photo. */

const PAGE_BYTES = 65_536; // of WebAssembly's memory
const MOST_MEMORY = 256 * 2 ** 20;

/** This browser's WebAssembly gives wrong numbers, or none. */
export class Unfit extends Error {}

/**
 * @param {Fetching} files @param {DeviceIndex} index
 * @returns {Promise<Run>}
 */
export async function openNetworks(files, { runtime, networks, golden }) {
	// The runtime fetches both of its files by itself, so that the browser keeps the compiled code: these are for the check.
	const [, , ...graphs] = await Promise.all([runtime.script, runtime.wasm, ...Object.values(networks)].map((file) => files.get(file)));
	capMemory();
	/** @type {typeof import('onnxruntime-web')} */
	const ort = await import(files.url(runtime.script));
	Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: { wasm: files.url(runtime.wasm) } });
	ort.env.logLevel = 'error';
	/** @type {Record<string, import('onnxruntime-web').InferenceSession>} */
	const sessions = {};
	for (const [at, name] of Object.keys(networks).entries()) sessions[name] = await ort.InferenceSession.create(graphs[at]);
	/** @type {Run} */
	const run = async (name, data, dims) => {
		const session = sessions[name];
		const tensors = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, dims) });
		const found = tensors[session.outputNames[0]];
		return { data: /** @type {Float32Array} */ (found.data), dims: found.dims };
	};
	for (const [name, expected] of Object.entries(golden)) await tryOut(run, name, expected);
	return run;
}

/** The runtime reserves 4 GB of addresses, which phones have refused. */
function capMemory() {
	const Memory = WebAssembly.Memory;
	WebAssembly.Memory = class extends Memory {
		/** @param {WebAssembly.MemoryDescriptor} asked */
		constructor(asked) {
			super({ ...asked, maximum: Math.min(asked.maximum ?? Infinity, MOST_MEMORY / PAGE_BYTES) });
		}
	};
}

/** @param {Run} run @param {string} name @param {Golden} golden @throws {Unfit} */
async function tryOut(run, name, { dims, step, mean, scale, tolerance, found }) {
	const length = dims.reduce((product, side) => product * side, 1);
	const input = Float32Array.from({ length }, (_, at) => (((at * step) % 256) - mean) / scale);
	const { data } = await run(name, input, dims);
	if (data.length !== found.length || found.some((value, at) => !(Math.abs(value - data[at]) <= tolerance))) {
		throw new Unfit(name);
	}
}
