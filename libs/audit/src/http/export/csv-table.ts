const TRIGGERS = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * A row of RFC 4180, with its line end. A spreadsheet takes a cell that begins like a formula for one, so such a cell gets an
 * apostrophe in front; the file is therefore for people, not for reading back.
 * @param cells null is an empty cell
 */
export function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const inert = TRIGGERS.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
