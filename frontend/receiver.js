/** Takes the photos that a phone's gallery shares with the installed app, and hands them to the page. It sees the address share/ alone. */
const ARRIVAL = '../#/shared';
const KEPT_MS = 60_000;
const target = /** @type {any} */ (self);

/** In memory, and until the page has asked for them. @type {FormDataEntryValue[]} */
let photos = [];
let taken = () => {};

target.addEventListener('install', () => target.skipWaiting());
target.addEventListener('fetch', (/** @type {any} */ event) => {
	if (event.request.method !== 'POST') return;
	event.respondWith(receive(event.request));
	event.waitUntil(handedOver());
});
target.addEventListener('message', (/** @type {any} */ event) => {
	event.ports[0].postMessage(photos);
	taken();
});

/** @param {Request} request */
async function receive(request) {
	photos = (await request.formData()).getAll('photo');
	return Response.redirect(new URL(ARRIVAL, target.registration.scope).href, 303);
}

/** A worker is ended when it has nothing to do, and what it remembers with it. */
const handedOver = () =>
	new Promise((resolve) => {
		taken = () => resolve((photos = []));
		setTimeout(() => taken(), KEPT_MS);
	});
