// PostgreSQL refuses NUL in jsonb and in text, and lone surrogates in jsonb (22P05). With the `u` flag a surrogate pair
// is one character, so that this category matches lone surrogates only.
const loneSurrogates = /\p{Cs}/gu;
const strayPercent = /%(?!u[0-9A-F]{4})/;
const escapeSequence = /%u([0-9A-F]{4})/g;

/** True when `jsonb` can hold the text as it is: no NUL, no lone surrogate. */
export function isSafeText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Writes NUL, lone surrogates and `%` as `%uXXXX`; the rest stays readable. `unescapeText` restores it exactly. */
export function escapeText(text: string): string {
  return text.replaceAll('%', '%u0025').replaceAll('\0', '%u0000').replaceAll(loneSurrogates, escapeUnit);
}

/** Inverse of `escapeText`; null when the text was not written by it. */
export function unescapeText(text: string): string | null {
  if (strayPercent.test(text)) {
    return null;
  }
  return text.replaceAll(escapeSequence, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Text for people only, not to be restored: made safe for `jsonb`, at most `maxLength` UTF-16 code units. */
export function displayText(text: string, maxLength: number): string {
  if (text.length <= maxLength && isSafeText(text)) {
    return text;
  }
  return text.slice(0, maxLength).replaceAll('\0', '\u2400').replaceAll(loneSurrogates, '\ufffd');
}

/** The longest prefix of a safe text whose JSON text (without the quotes) has at most `maxBytes` bytes in UTF-8. */
export function jsonPrefix(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  // By code points: a surrogate pair is never split.
  for (const character of text.slice(0, Math.max(0, maxBytes))) {
    bytes += jsonBytes(character);
    if (bytes > maxBytes) {
      break;
    }
    end += character.length;
  }
  const last = text.charCodeAt(end - 1);
  const splitsPair = end > 0 && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? end - 1 : end);
}

function jsonBytes(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) {
    return JSON.stringify(character).length - 2;
  }
  if (code < 0x80) {
    return 1;
  }
  if (code < 0x800) {
    return 2;
  }
  return code < 0x10000 ? 3 : 4;
}

function escapeUnit(unit: string): string {
  return `%u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
