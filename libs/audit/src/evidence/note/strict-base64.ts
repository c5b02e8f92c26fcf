/** Bytes of a text in standard base64; null for any other text, also for one that only a lenient reader takes for it. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** A whole number from 0 on in decimal, without leading zeros; null for any other text, and above 2^53 - 1. */
export function fromDecimal(text: string): number | null {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
