/** The revisions of one day of the reader. */
export interface DayGroup<Item> {
  /** `YYYY-MM-DD` in the reader's time zone. */
  readonly day: string;
  readonly items: readonly Item[];
}

/** The day of an instant in a time zone, `YYYY-MM-DD`. */
export function dayOf(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(instant));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Groups what is in order of time, either way, by day; the order is kept. */
export function groupByDay<Item>(
  items: readonly Item[],
  instantOf: (item: Item) => string,
  timeZone: string,
): readonly DayGroup<Item>[] {
  const groups: { day: string; items: Item[] }[] = [];
  for (const item of items) {
    const day = dayOf(instantOf(item), timeZone);
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}

/** A day as people say it: `Today`, `Yesterday` or null, beside the full date. */
export function dayNickname(day: string, now: Date, timeZone: string): string | null {
  if (day === dayOf(now.toISOString(), timeZone)) return 'Today';
  return day === shiftDay(dayOf(now.toISOString(), timeZone), -1) ? 'Yesterday' : null;
}

/** `Tuesday, 24 November 2026` in the reader's language. */
export function dayTitle(day: string, locale?: string): string {
  const options = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  } as const;
  return new Intl.DateTimeFormat(locale, options).format(new Date(`${day}T12:00:00Z`));
}

/** The day that comes so many days later. */
export function shiftDay(day: string, days: number): string {
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

/** All days from the first to the last, both included; empty when the last is before the first. */
export function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = shiftDay(day, 1)) days.push(day);
  return days;
}

/** The instant at which a day begins for the machine's own time zone. */
export function startOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).toISOString();
}
