const INSTANT =
  /^(\d{4,6})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\s*(Z|[+-]\d\d(?::?\d\d){0,2})?( BC)?$/i;

/**
 * An instant in ISO form and UTC; microseconds only when there are any. Takes that and what PostgreSQL prints,
 * `2024-05-01 10:00:00.5+02`.
 * @returns undefined for other spellings (`infinity`, `now`), and for text without a zone
 */
export function instantText(text: string): string | undefined {
  const match = INSTANT.exec(text);
  const [, year, month, day, hour, minute, second, fraction = '', zone, bc] = match ?? [];
  if (!match || zone === undefined) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  const iso = new Date(date.getTime() - offsetOf(zone)).toISOString();
  const microseconds = fraction.slice(3).padEnd(3, '0');
  return microseconds === '000' ? iso : iso.replace('Z', `${microseconds}Z`);
}

function offsetOf(zone: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
