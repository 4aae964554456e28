/** Keeps the page, and what it answers with on this device, for visits without a network; registered where that is chosen. */
// Publishing fills these in (infra/service_worker.py). Each release has a store of its own, so that versions never mix.
const VERSION = '';
/** @type {string[]} the page */
const PAGE = [];
/** @type {string[]} networks, runtime and gallery, named by content */
const DEVICE = [];

const STORE = `page-${VERSION}`;
const KEPT = 'device'; // what is named by content: it can belong to several releases
const worker = /** @type {any} */ (self);
const address = (/** @type {string} */ name) => new URL(name, worker.registration.scope).href;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(tidy()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
	const { request } = event;
	const path = request.url.slice(worker.registration.scope.length);
	if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
	if (request.mode === 'navigate' && PAGE.length) event.respondWith(kept(STORE, new Request(address('index.html'))));
	else if (PAGE.includes(path)) event.respondWith(kept(STORE, request));
	else if (/^(device|api\/portraits)\//.test(path)) event.respondWith(kept(KEPT, request));
	else if (path === 'api/people') event.respondWith(newest(request));
});

async function install() {
	const [store, device] = await Promise.all([caches.open(STORE), caches.open(KEPT)]);
	await store.addAll(PAGE.map((name) => new Request(address(name), { cache: 'no-cache' })));
	for (const name of DEVICE) await kept(KEPT, new Request(address(name), { cache: 'force-cache' }), device);
}

/** What belongs to no release any more goes; who has the page open goes on with its own until it is closed. */
async function tidy() {
	for (const name of await caches.keys()) if (name !== STORE && name !== KEPT) await caches.delete(name);
	const device = await caches.open(KEPT);
	const current = DEVICE.map(address);
	for (const request of DEVICE.length ? await device.keys() : []) {
		if (request.url.startsWith(address('device/')) && !current.includes(request.url)) await device.delete(request);
	}
}

/** From the store, and into it. @param {string} name @param {Request} request @param {Cache} [open] */
async function kept(name, request, open) {
	const store = open ?? (await caches.open(name));
	const found = await store.match(request, { ignoreVary: true });
	if (found) return found;
	const answer = await fetch(request);
	if (answer.status === 200) await store.put(request, answer.clone());
	return answer;
}

/** From the network, or as it was last. @param {Request} request */
async function newest(request) {
	const store = await caches.open(KEPT);
	try {
		const answer = await fetch(request);
		if (answer.ok) await store.put(request, answer.clone());
		return answer;
	} catch (error) {
		const found = await store.match(request, { ignoreVary: true });
		if (found) return found;
		throw error;
	}
}
