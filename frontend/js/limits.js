/** What the API allows. Written by python -m infra.page_contract. */
export const MOST_PHOTOS = 5;
export const MOST_EXPLAINED = 3;
export const LEAST_FACE = 20;
export const SMALL_FACE = 90;
