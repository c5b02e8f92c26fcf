const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 minutes ago`, `yesterday`, `in 2 days`; below a minute `just now`, because clocks differ. */
export function relativeTime(instant: string, now: Date, locale?: string): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return '';
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  if (step === undefined) return 'just now';
  const [unit, size] = step;
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

/** Date, time to the second and zone, as the reader writes them. */
export function absoluteTime(instant: string, timeZone?: string, locale?: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone !== undefined && { timeZone }),
  };
  return new Intl.DateTimeFormat(locale, options).format(date);
}

/** A time that is a value: as `absoluteTime`, without seconds that are zero. */
export function valueTime(instant: string, timeZone?: string, locale?: string): string {
  const text = absoluteTime(instant, timeZone, locale);
  return /:00(?:\.0+)?(?:Z|[+-][\d:]+)$/.test(instant) ? text.replace(/(\d\d[:.]\d\d)[:.]00/, '$1') : text;
}

/** Hours and minutes. */
export function clockTime(instant: string, timeZone?: string, locale?: string): string {
  const options = {
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone !== undefined && { timeZone }),
  } as const;
  return new Intl.DateTimeFormat(locale, options).format(new Date(instant));
}
