/** What the API allows. */
export const MOST_PHOTOS = 5;
export const MOST_EXPLAINED = 3;
