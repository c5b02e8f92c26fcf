/** A name as SQL has it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL has it. Right for any text while `standard_conforming_strings` is on, as it is by default. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
