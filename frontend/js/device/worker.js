/** The worker that answers on the device: the page asks by message, and hears of the loading meanwhile. */
import { Detector } from './detector.js';
import { Embedder } from './embedder.js';
import { Files } from './files.js';
import { Finder } from './finder.js';
import { LocalGallery, verdict } from './gallery.js';
import { openNetworks } from './networks.js';
import { numbers } from './npy.js';
import { remoteSearch } from './search.js';

/** @type {Finder} */
let finder;

/** @type {Record<string, (...values: any[]) => Promise<unknown>>} */
const tasks = {
	open,
	find: (pictures, wishes) => finder.find(pictures, wishes),
	compare: (pictures, faces) => finder.compare(pictures, faces),
	glance: (picture) => finder.glance(picture),
};

/** @type {Promise<unknown>} */
let before = Promise.resolve();

// One after another, in the order asked.
onmessage = ({ data: [id, task, ...values] }) => {
	before = before
		.then(() => tasks[task](...values))
		.then((value) => postMessage({ id, value }))
		.catch(({ name, message, slug, hint }) => postMessage({ id, trouble: { name, message, slug, hint } }));
};

/** @param {string} address of the index of all files @param {string} searchAddress of the API */
async function open(address, searchAddress) {
	/** @type {DeviceIndex} */
	const index = await (await fetch(address)).json();
	const { runtime, networks, gallery, manifest, constants } = index;
	const wanted = [runtime.script, runtime.wasm, ...Object.values(networks), ...(gallery ? [gallery.people, gallery.rows] : [])];
	const files = new Files(new URL(address), wanted, (share) => postMessage({ share }));
	const run = await openNetworks(files, index);
	const embedder = new Embedder(run, manifest, constants.embedder);
	const search = gallery ? await localSearch(files, gallery, embedder, constants.close) : remoteSearch(searchAddress, manifest.fingerprint);
	finder = new Finder(new Detector(run, constants.detector), embedder, search, constants, manifest.model);
}

/** @param {Fetching} files @param {{people: DeviceFile, rows: DeviceFile}} gallery @param {Embedder} embedder @param {number} close @returns {Promise<Search>} */
async function localSearch(files, gallery, embedder, close) {
	const [people, rows] = await Promise.all([files.get(gallery.people), files.get(gallery.rows)]);
	const local = new LocalGallery(JSON.parse(new TextDecoder().decode(people)), numbers(rows), embedder.entry.width);
	const similarity = embedder.similarity.bind(embedder);
	return async (probes, k) =>
		probes.map((probe) => {
			const matches = local.search(probe, k, similarity);
			return { verdict: verdict(matches, close), matches };
		});
}
