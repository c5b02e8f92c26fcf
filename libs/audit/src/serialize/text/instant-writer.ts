const DAY = 86_400_000;
/** Length of an ISO text whose year has four digits. */
const ISO_LENGTH = 24;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

/**
 * A function that does what `date.toISOString()` does, and faster for instants of the same day, because it keeps the
 * last day. It gives undefined for an invalid date and for years that have not four digits.
 */
export function instantWriter(): (date: Date) => string | undefined {
  let lastDay = Number.NaN;
  let prefix = '';
  return (date) => {
    const time = date.getTime();
    const day = Math.floor(time / DAY);
    if (day !== lastDay) {
      const iso = Number.isNaN(time) ? '' : date.toISOString();
      if (iso.length !== ISO_LENGTH) {
        return undefined;
      }
      lastDay = day;
      prefix = iso.slice(0, 11);
    }
    const inDay = time - day * DAY;
    const seconds = Math.floor(inDay / 1_000);
    const minutes = Math.floor(seconds / 60);
    return `${prefix}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${THREE_DIGITS[inDay % 1_000]}Z`;
  };
}
