/** Embeddings, overrides and isolates: with them one text looks like another one. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text as people can trust it: controls that turn its direction are spelled out, such as `[U+202E]`. */
export function shownText(text: string): string {
  return text.replace(DIRECTIONS, (one) => `[U+${one.charCodeAt(0).toString(16).toUpperCase()}]`);
}
