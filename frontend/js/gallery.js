/** What the gallery tells of itself and of its people, as soon as it has been asked. */
import { people } from './api.js';
import { inLanguage } from './i18n.js';

/** @type {Gallery['gallery'] | undefined} */
let facts;
/** @type {Map<string, Gallery['people'][0]>} */
const known = new Map();

/** @returns {Promise<Gallery>} @throws {Problem} */
export async function everybody() {
	const answer = await people();
	facts = answer.gallery;
	for (const person of answer.people) known.set(person.id, person);
	return answer;
}

/** Nothing before the gallery has answered. */
export const galleryFacts = () => facts;

/** The line on which a person's work is told, and the others; in the reader's language. @param {Person} person */
export function about({ id, department }) {
	const { research = '', ...others } = known.get(id)?.metadata ?? {};
	return { research: inLanguage(research), others: [...Object.values(others), department].filter(Boolean).map(inLanguage) };
}
