import type { Operation } from '../../model/change.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { RowName } from '../../model/row-map.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { EntityValues } from '../orm/entity-facts.js';

/** The sent values by the names of those that only the database knows; undefined where nothing, or an SQL expression, was sent. */
export type OpenValues = ReadonlyMap<string, JsonValue | undefined>;

/** Links that an entity lost and got, in the form of the trail, by the name of the relation. */
export interface LinkSides {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** A change in the making: unmasked JSON by property name, before it is known whether anything changed at all. */
export interface Draft {
  readonly codec: EntityCodec;
  readonly operation: Operation;
  readonly entityId: string;
  /** Null when the unit of work has no entity for the row, or was not asked. */
  readonly entity: object | null;
  /** The encoded foreign key to what the entity is part of, where the change does not tell; undefined when unknown. */
  readonly partOf: JsonValue | undefined;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Null when no links changed. */
  readonly links: LinkSides | null;
  /** Values of `after` that only the database knows; null when there are none. */
  readonly open: {
    readonly values: OpenValues;
    /** Values in database form that include the key of the row. */
    readonly key: EntityValues;
  } | null;
}

/** The row that a draft is of, or the links of an entity. */
export function rowOf({ codec, entityId }: Pick<Draft, 'codec' | 'entityId'>): RowName {
  return { table: codec.policy.table, text: entityId };
}
