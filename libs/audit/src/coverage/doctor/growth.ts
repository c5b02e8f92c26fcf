import type { TrailSize } from './trail-catalog.js';

/** Fewer rows tell nothing: their indexes are mostly empty. */
const FEWEST_ROWS = 1_000;
const YEAR = 365;
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** How large the trail is, and how it grows; about. */
export interface TrailGrowth {
  readonly rows: number;
  /** Of the tables with their indexes. */
  readonly bytes: number;
  /** Null while the trail is too small to tell. */
  readonly rowsPerDay: number | null;
  /** Null while the trail is too small to tell. */
  readonly bytesPerDay: number | null;
}

export function growthOf({ bytes, rows, added, days }: TrailSize): TrailGrowth {
  const isTold = rows >= FEWEST_ROWS;
  const rowsPerDay = isTold ? added / days : null;
  return { rows, bytes, rowsPerDay, bytesPerDay: rowsPerDay === null ? null : (rowsPerDay * bytes) / rows };
}

/** In one or two sentences. */
export function growthText({ rows, bytes, rowsPerDay, bytesPerDay }: TrailGrowth): string {
  const now = `It has about ${numberText(rows)} rows now, and ${sizeText(bytes)} with its indexes.`;
  return rowsPerDay === null || bytesPerDay === null
    ? `${now} That is too little to tell how it grows.`
    : `It grows by about ${numberText(rowsPerDay)} rows and ${sizeText(bytesPerDay)} a day: ${sizeText(bytesPerDay * YEAR)} in a year. ${now}`;
}

function numberText(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** As PostgreSQL counts: a kB has 1,024 bytes. */
function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1_024 ** power;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${UNITS[power]}`;
}
