import type { ChangeSide, LinkIds } from './change.js';
import { propertyValue } from './expectation.js';
import type { OracleInput } from './input.js';
import { keyOf, LiveRows } from './live-rows.js';
import type { EntityModel } from './model.js';
import type { NormalValue } from './normal-value.js';

/** All that is known of one entity at some moment. */
export interface EntityState {
  readonly entity: EntityModel;
  readonly properties: Map<string, NormalValue>;
  readonly links: Map<string, LinkIds>;
}

/** By table of the root class and key. */
export type EntityStates = Map<string, EntityState>;

export function stateName({ tables }: EntityModel, key: string): string {
  return `${tables[0]} ${key}`;
}

/** The key with those parts replaced that the side tells: a change of the key has the old one before, the new one after. */
export function keyWith({ properties }: EntityModel, key: string, side: ChangeSide | null): string {
  const parts = JSON.parse(key) as NormalValue[];
  let at = 0;
  for (const { path, columns } of properties.filter(({ primary }) => primary)) {
    const value = side?.properties.get(path);
    if (value !== undefined) {
      parts.splice(at, columns.length, ...(Array.isArray(value) ? (value as NormalValue[]) : [value]));
    }
    at += columns.length;
  }
  return JSON.stringify(parts);
}

/** The states that the rows of the tables describe. */
export function statesOf(entities: readonly EntityModel[], tables: OracleInput['current']): EntityStates {
  const live = new LiveRows(entities, tables);
  const states: EntityStates = new Map();
  for (const root of new Set(entities.map(({ tables: [first] }) => first))) {
    const family = entities.filter(({ tables: [first] }) => first === root);
    for (const row of tables[root] ?? []) {
      const key = keyOf(row, family[0]?.key ?? []);
      const entity = live.classOf(family, key);
      if (entity) {
        states.set(stateName(entity, key), stateOf(live, entity, key));
      }
    }
  }
  return states;
}

function stateOf(live: LiveRows, entity: EntityModel, key: string): EntityState {
  const rows = new Map(
    entity.tables.flatMap((table) => {
      const row = live.find(table, key);
      return row ? [[table, row] as const] : [];
    }),
  );
  return {
    entity,
    properties: new Map(
      entity.properties.map((property) => [property.path, propertyValue(property, rows) ?? null]),
    ),
    links: new Map(entity.links.map((link) => [link.path, live.targets(link, key)])),
  };
}
