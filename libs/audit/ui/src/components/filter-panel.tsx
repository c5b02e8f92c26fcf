import { entityAccess, typeIn } from '../model/access.js';
import type { Operation, Outcome } from '../model/trail.js';
import { type Filters, isTextSearchBounded, splitPair, tidyFilters } from '../routing/filters.js';
import { useViewer } from '../state/viewer-context.js';
import { OUTCOME_WORDS } from '../values/revision-note.js';
import { ConditionField } from './condition-field.js';
import { CheckGroup, MoreFields, SelectField, TextField } from './filter-fields.js';
import { Link } from './link.js';
import { TimeRange } from './time-range.js';

const OPERATIONS = ['create', 'update', 'delete', 'baseline'] as const satisfies readonly Operation[];
const OUTCOMES = ['success', 'failure', 'denied'] as const satisfies readonly Outcome[];
const ACTOR_TYPES = ['user', 'service', 'system', 'anonymous', 'unknown', 'database'] as const;
const WEEK = 7 * 86_400_000;

interface FilterPanelProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** All that can be asked for. Every choice goes into the URL at once. */
export function FilterPanel({ filters, onChange }: FilterPanelProps) {
  const { access } = useViewer();
  const set = (some: Partial<Filters>): void => onChange(tidyFilters({ ...filters, ...some }));
  const [only] = filters.entity.length === 1 ? filters.entity : [];
  const types = access.entities.map(({ type }) => type);
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <TextField
        id="filter-text"
        label="Search values and labels"
        type="search"
        value={filters.text ?? ''}
        hint={filters.text === null ? 'Without another filter: the last 7 days' : undefined}
        onCommit={(text) => onChange(boundSearch({ ...filters, text: text || null }))}
      />
      <TimeRange filters={filters} onChange={set} />
      <CheckGroup
        legend="Entity"
        options={types}
        chosen={filters.entity}
        onChange={(entity) => set({ entity })}
      />
      {access.entities.some(({ perSchema }) => perSchema) && (
        <TextField
          id="filter-schema"
          label="Schema"
          placeholder="that of a tenant"
          value={filters.schema ?? ''}
          onCommit={(schema) => set({ schema: schema || null })}
        />
      )}
      <CheckGroup
        legend="Operation"
        options={OPERATIONS}
        chosen={filters.operation}
        onChange={(operation) => set({ operation: OPERATIONS.filter((one) => operation.includes(one)) })}
      />
      {only !== undefined && <EntityFields key={only} type={only} filters={filters} set={set} />}
      <ActorFields name="actor" title="Actor" pair={filters.actor} onChange={(actor) => set({ actor })} />
      <TextField
        id="filter-action"
        label="Action"
        placeholder="invoice.approve"
        value={filters.action ?? ''}
        onCommit={(action) => set({ action: action || null })}
      />
      <SelectField
        id="filter-outcome"
        label="Outcome"
        value={filters.outcome ?? ''}
        options={[['', 'any'], ...OUTCOMES.map((one) => [one, OUTCOME_WORDS[one]] as const)]}
        onChange={(outcome) => set({ outcome: OUTCOMES.find((one) => one === outcome) ?? null })}
      />
      <MoreFields
        title="More"
        isOpen={filters.onBehalfOf !== null || filters.correlationId !== null || filters.order === 'oldest'}
      >
        <ActorFields
          name="behalf"
          title="On behalf of"
          pair={filters.onBehalfOf}
          onChange={(onBehalfOf) => set({ onBehalfOf })}
        />
        <TextField
          id="filter-correlation"
          label="Request (correlation id)"
          value={filters.correlationId ?? ''}
          onCommit={(correlationId) => set({ correlationId: correlationId || null })}
        />
        <SelectField
          id="filter-order"
          label="Order"
          value={filters.order}
          options={[
            ['newest', 'newest first'],
            ['oldest', 'oldest first'],
          ]}
          onChange={(order) => set({ order: order === 'oldest' ? 'oldest' : 'newest' })}
        />
      </MoreFields>
    </form>
  );
}

interface EntityFieldsProps {
  readonly type: string;
  readonly filters: Filters;
  readonly set: (some: Partial<Filters>) => void;
}

/** The filters for one entity type. */
function EntityFields({ type, filters, set }: EntityFieldsProps) {
  const { access } = useViewer();
  const { properties = [], perSchema = false } = entityAccess(access, type) ?? {};
  const [id] = filters.id;
  const { schema } = filters;
  const named = schema === null ? type : (typeIn(access, type, schema) ?? type);
  return (
    <fieldset class="entity-fields">
      <legend>{type}</legend>
      <TextField
        id="filter-id"
        label="Id"
        value={id ?? ''}
        onCommit={(value) => set({ id: value === '' ? [] : [value] })}
      />
      {id !== undefined && filters.id.length === 1 && !(perSchema && schema === null) && (
        <p class="hint">
          <Link to={{ page: 'entity', type: named, id }}>
            Open {named} {id}
          </Link>
        </p>
      )}
      <SelectField
        id="filter-property"
        label="Changed property"
        value={filters.property[0] ?? ''}
        options={[['', 'any'], ...properties.map(({ path }) => [path, path] as const)]}
        onChange={(property) => set({ property: property === '' ? [] : [property] })}
      />
      <MoreFields title="Value condition" isOpen={false}>
        <ConditionField
          properties={properties.filter(
            ({ masked, kind }) => !masked && kind !== 'to-many' && kind !== 'embedded',
          )}
          onAdd={(condition) => set({ value: [...new Set([...filters.value, condition])] })}
        />
      </MoreFields>
    </fieldset>
  );
}

interface ActorFieldsProps {
  readonly name: string;
  readonly title: string;
  readonly pair: string | null;
  readonly onChange: (pair: string | null) => void;
}

function ActorFields({ name, title, pair, onChange }: ActorFieldsProps) {
  const [type, id] = splitPair(pair ?? '');
  const commit = (nextType: string, nextId: string): void =>
    onChange(nextType === '' && nextId === '' ? null : `${nextType}:${nextId}`);
  return (
    <div class="field-pair">
      <SelectField
        id={`filter-${name}-type`}
        label={title}
        value={type}
        options={[['', 'anyone'], ...ACTOR_TYPES.map((one) => [one, one] as const)]}
        onChange={(next) => commit(next, id)}
      />
      <TextField
        id={`filter-${name}-id`}
        label={`${title} id`}
        value={id}
        onCommit={(next) => commit(type, next)}
      />
    </div>
  );
}

/** The server searches for text only within something: here the last week. */
function boundSearch(filters: Filters): Filters {
  if (filters.text === null || isTextSearchBounded(filters)) return filters;
  const until = filters.until ?? new Date(Date.now() + 60_000).toISOString();
  const from = filters.from ?? new Date(Date.parse(until) - WEEK).toISOString();
  return { ...filters, from, until };
}
