import { propertyAccess } from '../model/access.js';
import type { Change, FieldChange, Json } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { valueTime } from '../time/relative-time.js';
import { areComparableTrees, diffJson } from '../values/json-diff.js';
import { ownValue } from '../values/own-value.js';
import { plainText, shownValue } from '../values/value-kind.js';
import { EntityLink } from './entity-link.js';
import { OperationBadge } from './operation-badge.js';

const MAX_FIELDS = 4;
const MAX_TEXT = 40;

/** A change in one or two lines: what was done to what, and the values of the first few fields. */
export function ChangeSummary({ change }: { readonly change: Change }) {
  const label = change.labels?.own ?? null;
  return (
    <li class="change-line">
      <OperationBadge operation={change.operation} />
      <span class="change-text">
        <EntityLink
          type={change.entityType}
          id={change.entityId}
          label={label}
          isDeleted={change.operation === 'delete'}
        />
        <FieldSummary change={change} fields={toldFields(change)} />
      </span>
    </li>
  );
}

/** The text of a line about a change; of a creation or a deletion something only where there is no label to tell it apart. */
function toldFields({ operation, entityId, fields, labels }: Change): readonly FieldChange[] {
  if (operation === 'update') return fields;
  if (labels?.own != null) return [];
  const told = (value: Json | undefined): boolean =>
    value != null && typeof value !== 'object' && String(value) !== entityId;
  return fields.filter(({ before, after }) => told(after ?? before)).slice(0, MAX_FIELDS);
}

interface FieldSummaryProps {
  readonly change: Change;
  readonly fields: readonly FieldChange[];
}

function FieldSummary({ change, fields }: FieldSummaryProps) {
  const more = fields.length - MAX_FIELDS;
  if (fields.length === 0) return null;
  return (
    <span class="field-chips">
      {fields.slice(0, MAX_FIELDS).map((field) => (
        <FieldChip key={field.path} change={change} field={field} />
      ))}
      {more > 0 && <span class="muted">+{more} more</span>}
    </span>
  );
}

function FieldChip({ change, field }: { readonly change: Change; readonly field: FieldChange }) {
  const { access, timeZone } = useViewer();
  const property = propertyAccess(access, change.entityType, field.path);
  const labels = ownValue(change.labels?.targets, field.path);
  const brief = (value: Json | undefined): string => {
    const shown = shownValue(value, property?.type);
    if (shown.kind === 'null') return 'empty';
    if (shown.kind === 'tree') return '…';
    const text = shown.kind === 'time' ? valueTime(shown.instant, timeZone) : plainText(value);
    return shorten(ownValue(labels, text) ?? text);
  };
  if (isVeiled(field.after ?? field.before) && isVeiled(field.before ?? field.after)) {
    return (
      <span class="field-chip">
        <span class="field-name">{field.path}</span> {plainText(field.after ?? field.before)}
      </span>
    );
  }
  if (property?.kind === 'to-many') {
    const [lost, came] = [links(field.before, labels), links(field.after, labels)];
    return (
      <span class="field-chip">
        <span class="field-name">{field.path}</span> {lost !== '' && <span class="field-was">− {lost}</span>}{' '}
        {came !== '' && <span class="field-is">+ {came}</span>}
      </span>
    );
  }
  if (areComparableTrees(field.before, field.after)) {
    const count = diffJson(field.before, field.after).length;
    return (
      <span class="field-chip">
        <span class="field-name">{field.path}</span> {count} {count === 1 ? 'value' : 'values'} inside
      </span>
    );
  }
  if (change.operation !== 'update') {
    return (
      <span class="field-chip">
        <span class="field-name">{field.path}</span> {brief(field.after ?? field.before)}
      </span>
    );
  }
  return (
    <span class="field-chip">
      <span class="field-name">{field.path}</span>{' '}
      {field.before !== undefined && <span class="field-was">{brief(field.before)}</span>}
      <span class="field-arrow"> → </span>
      <span class="field-is">{brief(field.after)}</span>
    </span>
  );
}

/** Both sides look alike then: that it changed is all there is to say. */
function isVeiled(value: Json | undefined): boolean {
  const { kind } = shownValue(value);
  return kind === 'masked' || kind === 'hidden';
}

/** The targets of a relation, by label or key; of a change those lost, or new. */
function links(value: Json | undefined, labels: Readonly<Record<string, string>> | undefined): string {
  if (!Array.isArray(value)) return '';
  return shorten(value.map((key) => ownValue(labels, String(key)) ?? String(key)).join(', '));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}
