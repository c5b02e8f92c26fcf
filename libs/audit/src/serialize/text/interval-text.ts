const UNITS: Readonly<Record<string, readonly [months: number, days: number, microseconds: number]>> = {
  year: [12, 0, 0],
  mon: [1, 0, 0],
  month: [1, 0, 0],
  day: [0, 1, 0],
  hour: [0, 0, 3_600_000_000],
  minute: [0, 0, 60_000_000],
  second: [0, 0, 1_000_000],
};

const PART = /\s*([+-]?\d+(?:\.\d{1,6})?)\s+(year|month|mon|day|hour|minute|second)s?(?=\s|$)/iy;
const CLOCK = /\s*([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/y;

/**
 * An interval as PostgreSQL prints it: `1 year 2 mons -3 days +04:05:06.5`. Takes that and what MikroORM sends,
 * `14 months 90 minutes`.
 * @returns undefined for other spellings, which only the database can read
 */
export function intervalText(text: string): string | undefined {
  if (text === '0') {
    return '00:00:00';
  }
  let [months, days, microseconds, at] = [0, 0, 0, 0];
  const seen = new Set<string>();
  for (let part = partAt(text, at); part; part = partAt(text, at)) {
    const [all, amount = '', name = ''] = part;
    const unit = UNITS[name.toLowerCase()];
    const isWhole = /^[+-]?\d+$/.test(amount);
    if (!unit || seen.has(name) || !(isWhole || unit[2] > 0)) {
      return undefined;
    }
    seen.add(name);
    at += all.length;
    months += Number(amount) * unit[0];
    days += Number(amount) * unit[1];
    microseconds += Math.round(Number(amount) * unit[2]);
  }
  if (at < text.length) {
    CLOCK.lastIndex = at;
    const clock = CLOCK.exec(text);
    if (!clock) {
      return undefined;
    }
    const [, sign, hours, minutes, seconds, fraction = ''] = clock;
    const size =
      (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000 +
      Number(fraction.padEnd(6, '0'));
    microseconds += sign === '-' ? -size : size;
  }
  return text.trim() === '' || !Number.isSafeInteger(microseconds)
    ? undefined
    : printInterval(months, days, microseconds);
}

function partAt(text: string, at: number): RegExpExecArray | null {
  PART.lastIndex = at;
  return PART.exec(text);
}

function printInterval(months: number, days: number, microseconds: number): string {
  const years = Math.trunc(months / 12);
  const parts: string[] = [];
  let isBefore = false;
  for (const [amount, name] of [
    [years, 'year'],
    [months - years * 12, 'mon'],
    [days, 'day'],
  ] as const) {
    if (amount !== 0) {
      parts.push(`${isBefore && amount > 0 ? '+' : ''}${amount} ${name}${amount === 1 ? '' : 's'}`);
      isBefore = amount < 0;
    }
  }
  if (microseconds !== 0 || parts.length === 0) {
    parts.push(`${microseconds < 0 ? '-' : isBefore ? '+' : ''}${printClock(Math.abs(microseconds))}`);
  }
  return parts.join(' ');
}

function printClock(microseconds: number): string {
  const pad = (part: number) => String(Math.trunc(part)).padStart(2, '0');
  const seconds = Math.trunc(microseconds / 1_000_000);
  const fraction = String(microseconds % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(pad).join(':');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}
