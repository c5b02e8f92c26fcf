import type { ChangeSide, ComparableChange, LinkIds } from './change.js';
import { type ExactJson, parseExactJson } from './exact-json.js';
import type { Finding } from './finding.js';
import type { OracleInput, TrailChange } from './input.js';
import type { EntityModel, LinkModel, PropertyModel } from './model.js';
import { ANY_VALUE, type NormalValue } from './normal-value.js';
import { isHidden, normalize, tagged } from './normalize.js';

/** A change of the trail in comparable form. */
export interface TrailEntry extends ComparableChange {
  readonly id: string;
  readonly key: string;
}

/** Reads the changes in the order of their ids; what cannot be read becomes a finding. */
export function readTrail(
  { entities, revisions, changes }: OracleInput,
  otherTypes: readonly string[],
): { readonly entries: readonly TrailEntry[]; readonly findings: readonly Finding[] } {
  const byType = new Map(entities.map((entity) => [entity.entityType, entity]));
  const ofChanges = new Map(revisions.map((revision) => [revision.id, revision]));
  const findings: Finding[] = [];
  const entries: TrailEntry[] = [];
  const ordered = [...changes].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  for (const change of ordered) {
    const where = `change ${change.id}, ${change.entityType} ${change.entityId}`;
    const entity = byType.get(change.entityType);
    const revision = ofChanges.get(change.revisionId);
    const key = entity && readKey(entity, change.entityId);
    if (revision && revision.brief !== change.brief) {
      findings.push({
        code: 'wrong brief',
        where,
        detail: `${change.brief}, but its revision ${revision.brief}`,
      });
    }
    if (!revision) {
      findings.push({ code: 'orphan change', where, detail: `there is no revision ${change.revisionId}` });
    } else if (!entity) {
      if (!otherTypes.includes(change.entityType)) {
        findings.push({ code: 'unknown entity type', where, detail: 'not among the audited entities' });
      }
    } else if (key === null || key === undefined) {
      findings.push({
        code: 'unreadable entity id',
        where,
        detail: `the key has ${entity.key.length} parts`,
      });
    } else {
      const before = readSide(entity, change.before, where, findings);
      const after = readSide(entity, change.after, where, findings);
      const { id, operation } = change;
      const { transactionId } = revision;
      entries.push({ id, key, keys: [key], transactionId, entity, operation, before, after });
    }
  }
  return { entries, findings };
}

/** Null when the text does not have the parts of the key. */
function readKey({ key }: EntityModel, entityId: string): string | null {
  if (key.length === 1) {
    return JSON.stringify([normalize(entityId, key[0].type, 'trail')]);
  }
  try {
    const parts = [parseExactJson(entityId)].flat(5) as ExactJson[];
    return parts.length === key.length
      ? JSON.stringify(key.map(({ type }, i) => normalize(parts[i], type, 'trail')))
      : null;
  } catch {
    return null;
  }
}

function readSide(
  entity: EntityModel,
  side: TrailChange['before'],
  where: string,
  findings: Finding[],
): ChangeSide | null {
  if (side === null) {
    return null;
  }
  const properties = new Map<string, NormalValue>();
  const links = new Map<string, LinkIds>();
  for (const [path, value] of Object.entries(side)) {
    const property = entity.properties.find((candidate) => candidate.path === path);
    const link = entity.links.find((candidate) => candidate.path === path);
    if (property) {
      properties.set(path, readProperty(property, value));
    } else if (link) {
      links.set(path, readLinks(link, value));
    } else {
      const code = entity.ignored.includes(path) ? 'ignored property' : 'unknown property';
      findings.push({ code, where: `${where}.${path}`, detail: `the trail has ${JSON.stringify(value)}` });
    }
  }
  return { properties, links };
}

function readProperty({ columns, polymorphic }: PropertyModel, value: ExactJson): NormalValue {
  const [only] = columns;
  if (columns.length === 1 && only) {
    return normalize(value, only.type, 'trail');
  }
  if (value === null) {
    return null;
  }
  if (isHidden(value)) {
    return ANY_VALUE;
  }
  const { type = null, id = null } = polymorphic ? (value as { readonly [key: string]: ExactJson }) : {};
  const parts = [polymorphic ? [type, id] : value].flat(5) as ExactJson[];
  return parts.length === columns.length
    ? columns.map((column, i) => normalize(parts[i], column.type, 'trail'))
    : { 'unexpected form': JSON.stringify(value) };
}

/** Where the order is data the trail has whole lists, else differences; one in place of the other would mislead. */
function readLinks({ targetColumns, orderColumn }: LinkModel, value: ExactJson): LinkIds {
  if (isHidden(value)) {
    return ANY_VALUE;
  }
  const ids = value === null ? [] : tagged(value, orderColumn === null ? '$links' : '$list');
  return Array.isArray(ids)
    ? ids.map((id) => readTarget(targetColumns, id))
    : [`unexpected form ${JSON.stringify(value)}`];
}

/** As `targetOf` has it. */
function readTarget(columns: LinkModel['targetColumns'], id: ExactJson): string {
  const value = columns.length > 1 && typeof id === 'string' && id.startsWith('[') ? parseExactJson(id) : id;
  const parts = ([value].flat(5) as ExactJson[]).map((part, i) =>
    String(normalize(part, columns[i]?.type ?? { kind: 'text', array: false }, 'trail')),
  );
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts);
}
