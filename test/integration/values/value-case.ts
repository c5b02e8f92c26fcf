import { EntitySchema } from '@mikro-orm/core';
import type { JsonValue } from 'nestjs-mikro-audit';

/** An entity with one value of a type under test. */
export interface ValueRow {
  id: number;
  value?: unknown;
}

/** The facts about one type: two values, how the trail must hold them, and what they cost. */
export interface ValueCase {
  /** Also the name of the entity class. */
  readonly name: string;
  /** Options of the property in MikroORM. */
  readonly property: Readonly<Record<string, unknown>>;
  readonly first: () => unknown;
  readonly second: () => unknown;
  /** The first and the second value in the trail. */
  readonly stored: readonly [JsonValue, JsonValue];
  /** Another spelling of the first value. @default `first` itself */
  readonly equal?: () => unknown;
  /** Only the database knows what it stores: one select more. @default false */
  readonly readsBack?: boolean;
  /** MikroORM does not know what it has loaded either: one select more before an update. @default false */
  readonly readsBefore?: boolean;
}

/** The entity of a case; its column has another name than its property. */
export function entityOf({ name, property }: ValueCase, suffix = ''): EntitySchema<ValueRow> {
  return new EntitySchema<ValueRow>({
    name: `${name}Row${suffix}`,
    properties: {
      id: { type: 'integer', primary: true },
      value: { nullable: true, fieldName: 'the_value', ...property } as never,
    },
  });
}
