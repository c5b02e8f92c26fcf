import type { Collection, Primary } from '@mikro-orm/core';
import type { MaskedValue } from '../../serialize/json/mask.js';
import type { UndecodableValue } from '../../serialize/json/undecodable-value.js';

type Scalar = string | number | bigint | boolean | Date | Uint8Array;

/** The target of a relation. */
type Target<Value> =
  NonNullable<Value> extends Collection<infer Item extends object>
    ? Item
    : NonNullable<Value> extends { unwrap(): infer Item extends object }
      ? Item
      : NonNullable<Value>;

type Head<Path> = Path extends `${infer First}.${string}` ? First : Path;
type Rest<Path, Name extends string> = Path extends `${Name}.${infer Further}` ? Further : never;

type RelationName<Entity> = {
  [Name in Extract<keyof Entity, string>]: NonNullable<Entity[Name]> extends
    | Scalar
    | ((...args: never[]) => unknown)
    ? never
    : Name;
}[Extract<keyof Entity, string>];

/** A relation to look up, or a dotted way over several. */
export type RelationPath<Entity> = RelationName<Entity> | `${RelationName<Entity>}.${string}`;

type PropertyState<Value, Name extends string, Populated extends string> =
  NonNullable<Value> extends Scalar
    ? Value | MaskedValue | UndecodableValue
    : NonNullable<Value> extends Collection<infer Item extends object>
      ? Name extends Head<Populated>
        ? readonly EntityState<Item, Rest<Populated, Name>>[]
        : readonly Primary<Item>[]
      : Name extends Head<Populated>
        ? EntityState<Target<Value>, Rest<Populated, Name>> | null
        : Primary<Target<Value>> | Extract<Value, null> | MaskedValue | UndecodableValue;

/**
 * The state of an entity: plain data, of which nothing is managed.
 *
 * To-one relations are the key of the target, many-to-many relations the list of the keys of their targets, unless they
 * were looked up (`populate`). Lists are in the order of the entity ids, those of `fixedOrder` in their own. One-to-many relations, and the side of a many-to-many relation that the trail does not
 * record, are there only when looked up. Embeddables are nested. A property is not there when it is not audited, or when
 * it did not exist then.
 */
export type EntityState<Entity, Populated extends string = never> = {
  readonly [Name in Extract<keyof Entity, string> as Entity[Name] extends (...args: never[]) => unknown
    ? never
    : Name]?: PropertyState<Entity[Name], Name, Populated>;
};

/** Values that properties must have had; null is a value. */
export type StateFilter<Entity> = {
  readonly [Name in Extract<keyof Entity, string>]?:
    | (NonNullable<Entity[Name]> extends Scalar ? NonNullable<Entity[Name]> : unknown)
    | null;
} & { readonly [Path in `${Extract<keyof Entity, string>}.${string}`]?: unknown };

/** The relations to look up with a state. */
export interface StateOptions<Populated extends string = string> {
  /** Relations to look up at the same moment, with one or two queries each, however many entities there are. */
  readonly populate?: readonly Populated[];
}
