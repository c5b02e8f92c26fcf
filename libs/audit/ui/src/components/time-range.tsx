import type { Filters } from '../routing/filters.js';
import { useViewer } from '../state/viewer-context.js';
import { dayOf, shiftDay, startOfDay } from '../time/day-groups.js';
import { MoreFields, TextField } from './filter-fields.js';

const PRESETS = [
  ['Today', 0],
  ['7 days', 6],
  ['30 days', 29],
] as const;

interface TimeRangeProps {
  readonly filters: Filters;
  readonly onChange: (range: Pick<Filters, 'from' | 'until'>) => void;
}

/** When: the last days, or from one time until another. */
export function TimeRange({ filters, onChange }: TimeRangeProps) {
  const { timeZone } = useViewer();
  const today = dayOf(new Date().toISOString(), timeZone);
  const isAny = filters.from === null && filters.until === null;
  return (
    <fieldset class="field">
      <legend>When</legend>
      <div class="segments">
        <button type="button" aria-pressed={isAny} onClick={() => onChange({ from: null, until: null })}>
          Any
        </button>
        {PRESETS.map(([text, days]) => {
          const from = startOfDay(shiftDay(today, -days));
          return (
            <button
              key={text}
              type="button"
              aria-pressed={filters.from === from && filters.until === null}
              onClick={() => onChange({ from, until: null })}
            >
              {text}
            </button>
          );
        })}
      </div>
      <MoreFields title="From, until" isOpen={false}>
        <TextField
          id="filter-from"
          label="From"
          type="datetime-local"
          value={toLocal(filters.from)}
          onCommit={(text) => onChange({ from: toInstant(text), until: filters.until })}
        />
        <TextField
          id="filter-until"
          label="Until (exclusive)"
          type="datetime-local"
          value={toLocal(filters.until)}
          onCommit={(text) => onChange({ from: filters.from, until: toInstant(text) })}
        />
      </MoreFields>
    </fieldset>
  );
}

/** The local time of an instant, as the browser's field wants it; empty for none. */
function toLocal(instant: string | null): string {
  const date = new Date(instant ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function toInstant(local: string): string | null {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
