import type { JsonValue } from '../model/json.js';
import type { StoredChange } from './stored-change.js';

/** One entity in the trail. */
export interface LifeKey {
  /** The names under which its history may be stored. */
  readonly types: readonly string[];
  readonly id: string;
}

/** A moment in the trail: everything up to a time of record and, of that very time, up to a revision. */
export interface Moment {
  /** Microseconds since 1970, a decimal number. */
  readonly recordedAt: string;
  readonly revisionId: string;
}

/** A change of a life. */
export interface LifeChange extends StoredChange {
  /** False when it is later than the moment. */
  readonly reached: boolean;
  /** Whether it is in the scope. */
  readonly visible: boolean;
}

/** Entities by a value that they have had at some time. */
export interface HolderQuery {
  readonly types: readonly string[];
  readonly values: readonly HeldValue[];
  /** Only ids greater than this; null for the first page. */
  readonly afterId: string | null;
  readonly limit: number | null;
}

/** One of the values, under one of the keys. */
export interface HeldValue {
  readonly keys: readonly string[];
  readonly anyOf: readonly JsonValue[];
  /** `contains`: the stored JSON contains the value, as links contain a link. */
  readonly match: 'equals' | 'contains';
}
