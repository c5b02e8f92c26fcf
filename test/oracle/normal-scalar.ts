/** `01.50` -> `1.5`, `12e2` -> `1200`, `-0.0` -> `0`; other text stays. */
export function normalizeDecimal(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return text;
  }
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^\+/, '').split('e');
  const [integer = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = integer.length + Number(exponent);
  const digits = '0'.repeat(Math.max(-point, 0)) + (integer + fraction).padEnd(point, '0');
  const at = Math.max(point, 0);
  const whole = digits.slice(0, at).replace(/^0+/, '') || '0';
  const rest = digits.slice(at).replace(/0+$/, '');
  const result = rest === '' ? whole : `${whole}.${rest}`;
  return mantissa.startsWith('-') && result !== '0' ? `-${result}` : result;
}

const INSTANT =
  /^([+-]?\d{4,6})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?( BC)?$/;

/** ISO to the millisecond in UTC; text without a zone is taken as UTC, as MikroORM does. `infinity` stays. */
export function normalizeInstant(text: string): string {
  const match = INSTANT.exec(text);
  if (!match) {
    return text;
  }
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z', bc] = match;
  const date = new Date(0);
  date.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(1, 4).padEnd(3, '0')));
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [zone, '+', '0', '0'];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(date.getTime() - offset).toISOString();
}

/** The day of an ISO instant; a day stays. */
export function normalizeDay(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T.*$/, '$1');
}

/** `10:00:00.500` -> `10:00:00.5`. */
export function normalizeTime(text: string): string {
  return text.replace(/(\.\d*?)0+(?=$|[+-])/, '$1').replace(/\.(?=$|[+-])/, '');
}
