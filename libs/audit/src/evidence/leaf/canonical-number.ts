const SHORT_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * A JSON number as ECMAScript writes it (RFC 8785) where a double holds it as it is written; else all its digits and
 * its exponent, such as `9007199254740993e0`.
 * @param number valid JSON
 */
export function canonicalNumber(number: string): string {
  if (SHORT_INTEGER.test(number)) {
    return number;
  }
  const exact = digitsOf(number);
  const rounded = JSON.stringify(Number(number));
  return rounded !== 'null' && digitsOf(rounded) === exact ? rounded : exact;
}

/** A pattern would look at each run of zeros once for each of its zeros, and PostgreSQL has numbers of 131,072 digits. */
function endOfDigits(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return end;
}

/** Without zeros at either end, so that equal numbers are equal texts. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(number) ?? [];
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.slice(0, endOfDigits(all));
  if (digits === '') {
    return '0e0';
  }
  const scale = BigInt(exponent) - BigInt(fraction.length) + BigInt(all.length - digits.length);
  return `${sign}${digits}e${scale}`;
}
