import { filterChips } from '../routing/filter-chips.js';
import { type Filters, NO_FILTERS } from '../routing/filters.js';
import { Icon } from './icon.js';

interface FilterChipsProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** The filters, each with a button that takes it away. */
export function FilterChips({ filters, onChange }: FilterChipsProps) {
  const chips = filterChips(filters);
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {chips.map(({ name, text, without }) => (
        <li key={`${name} ${text}`} class="chip">
          <span class="chip-name">{name}</span> {text}
          <button
            type="button"
            aria-label={`Remove filter ${name} ${text}`}
            onClick={() => onChange(without)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          class="link-button"
          onClick={() => onChange({ ...NO_FILTERS, order: filters.order })}
        >
          Clear all
        </button>
      </li>
    </ul>
  );
}
