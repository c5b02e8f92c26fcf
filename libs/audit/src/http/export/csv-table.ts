const TRIGGERS = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;
const NEEDS_QUOTES = /[",\r\n]/;
/** Embeddings, overrides and isolates, which make a text look like another one. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A row of RFC 4180, with its line end. A spreadsheet takes a cell that begins like a formula for one, so such a cell gets an
 * apostrophe in front, and controls that turn the direction of a text are spelled out, such as `[U+202E]`; the file is
 * therefore for people, not for reading back.
 * @param cells null is an empty cell
 */
export function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
}

function csvCell(given: string): string {
  const text = given.replaceAll(DIRECTIONS, spelled);
  const inert = TRIGGERS.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function spelled(character: string): string {
  return `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`;
}
