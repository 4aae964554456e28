/** Photos that a phone's gallery shares with the installed app (share_target in the manifest). */
import { Problem } from './http.js';

const SCOPE = './share/';
const PATIENCE_MS = 3000;

/** Only from then on will the system offer the app. */
export const receiveShared = () => navigator.serviceWorker?.register('./receiver.js', { scope: SCOPE }).catch(console.info);

/** What receiver.js has for us, which it then forgets. @returns {Files} @throws {Problem} when there is nothing */
export async function shared() {
	const worker = (await navigator.serviceWorker?.getRegistration(SCOPE))?.active;
	const { port1, port2 } = new MessageChannel();
	/** @type {Promise<Blob[]>} */
	const answer = new Promise((resolve) => {
		port1.onmessage = ({ data }) => resolve(data);
		setTimeout(() => resolve([]), worker ? PATIENCE_MS : 0);
		worker?.postMessage(null, [port2]);
	});
	const photos = await answer;
	if (!photos.length) throw new Problem('not-arrived');
	return photos;
}
