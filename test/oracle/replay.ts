import { placeOf, sameIds } from './change.js';
import type { Finding } from './finding.js';
import type { OracleInput } from './input.js';
import { ANY_VALUE, printValue, sameValue } from './normal-value.js';
import { type EntityState, type EntityStates, keyWith, stateName, statesOf } from './state.js';
import type { TrailEntry } from './trail.js';

type Report = (detail: string, path?: string) => void;

/**
 * Folds the trail in the order of its ids. On the way each `before` must equal the state so far (the chain), and in the
 * end the states must equal the tables (the replay).
 */
export function replayTrail(input: OracleInput, entries: readonly TrailEntry[]): Finding[] {
  const findings: Finding[] = [];
  const states = statesOf(input.entities, input.baseline ?? {});
  for (const entry of entries) {
    follow(states, entry, (detail, path) =>
      findings.push({ code: 'broken chain', where: `change ${entry.id} in ${placeOf(entry, path)}`, detail }),
    );
  }
  compareStates(states, statesOf(input.entities, input.current), (detail, path = '') =>
    findings.push({ code: 'replay differs', where: path, detail }),
  );
  return findings;
}

function follow(states: EntityStates, entry: TrailEntry, report: Report): void {
  const { entity, key, operation, before, after } = entry;
  const name = stateName(entity, keyWith(entity, key, before));
  const known = states.get(name);
  if (operation === 'create') {
    if (known) {
      report('created, but it existed already');
    }
    states.set(name, { entity, properties: new Map(after?.properties), links: new Map(after?.links) });
    return;
  }
  if (known && operation === 'baseline') {
    compareBaseline(known, entry, report);
    return;
  }
  if (!known) {
    report(`${operation} of something that did not exist`);
    return;
  }
  compareBefore(known, entry, report);
  states.delete(name);
  if (operation !== 'delete') {
    applyUpdate(known, entry);
    states.set(stateName(entity, keyWith(entity, key, after)), { ...known, entity });
  }
}

function compareBefore(
  state: EntityState,
  { entity, operation, before, after }: TrailEntry,
  report: Report,
): void {
  for (const [path, value] of before?.properties ?? []) {
    const previous = state.properties.get(path);
    if (!sameValue(value, previous)) {
      report(`before is ${printValue(value)}, but the last after was ${printValue(previous)}`, path);
    }
  }
  for (const { path, orderColumn } of entity.links) {
    const [now, removed, added] = [
      state.links.get(path) ?? [],
      before?.links.get(path),
      after?.links.get(path),
    ];
    if (now === ANY_VALUE || removed === ANY_VALUE || added === ANY_VALUE) {
      continue;
    }
    const sofar = `but the links so far are [${now.join(' ')}]`;
    const ordered = orderColumn !== null;
    if (ordered || operation === 'delete') {
      if (removed && !sameIds(now, removed, ordered)) {
        report(`before is [${removed.join(' ')}], ${sofar}`, path);
      }
    } else if (removed?.some((id) => !now.includes(id))) {
      report(`removes [${removed.join(' ')}], ${sofar}`, path);
    } else if (added?.some((id) => now.includes(id))) {
      report(`adds [${added.join(' ')}], ${sofar}`, path);
    }
  }
}

/** A baseline is the whole state, so what it lacks is a fault, too. */
function compareBaseline(state: EntityState, { entity, after }: TrailEntry, report: Report): void {
  if (state.entity !== entity) {
    report(`told as a ${entity.entityType}, but it is a ${state.entity.entityType}`);
  }
  for (const [path, value] of state.properties) {
    const told = after?.properties.get(path);
    if (!sameValue(value, told)) {
      report(`told as ${printValue(told)}, but the last after was ${printValue(value)}`, path);
    }
  }
  for (const { path, orderColumn } of entity.links) {
    const [now, told] = [state.links.get(path) ?? [], after?.links.get(path) ?? []];
    if (!sameIds(now, told, orderColumn !== null)) {
      report(`told as [${String(told)}], but the links so far are [${String(now)}]`, path);
    }
  }
}

function applyUpdate(state: EntityState, { entity, before, after }: TrailEntry): void {
  for (const [path, value] of after?.properties ?? []) {
    state.properties.set(path, value);
  }
  for (const { path, orderColumn } of entity.links) {
    const now = state.links.get(path) ?? [];
    const [removed, added] = [before?.links.get(path) ?? [], after?.links.get(path) ?? []];
    if (now === ANY_VALUE || removed === ANY_VALUE || added === ANY_VALUE) {
      state.links.set(path, ANY_VALUE);
    } else if (orderColumn === null) {
      state.links.set(path, [...now.filter((id) => !removed.includes(id)), ...added]);
    } else if (before?.links.has(path) || after?.links.has(path)) {
      state.links.set(path, added);
    }
  }
}

function compareStates(told: EntityStates, real: EntityStates, report: Report): void {
  for (const [name, { entity }] of told) {
    if (!real.has(name)) {
      report('the trail has it, the table does not', `${entity.entityType} in ${name}`);
    }
  }
  for (const [name, { entity, properties, links }] of real) {
    const state = told.get(name);
    const where = `${entity.entityType} in ${name}`;
    if (!state) {
      report('the table has it, the trail does not', where);
      continue;
    }
    if (state.entity !== entity) {
      report(`the trail says it is a ${state.entity.entityType}`, where);
    }
    for (const [path, value] of properties) {
      const trail = state.properties.get(path);
      if (!sameValue(trail, value)) {
        report(`the table has ${printValue(value)}, the trail ${printValue(trail)}`, `${where}, ${path}`);
      }
    }
    for (const { path, orderColumn } of entity.links) {
      const [table, trail] = [links.get(path) ?? [], state.links.get(path) ?? []];
      if (!sameIds(table, trail, orderColumn !== null)) {
        report(`the table has [${String(table)}], the trail [${String(trail)}]`, `${where}, ${path}`);
      }
    }
  }
}
