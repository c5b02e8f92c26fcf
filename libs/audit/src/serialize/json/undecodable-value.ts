import type { JsonValue } from '../../model/json.js';

/**
 * Why a value could not be recorded in full: it was `cut` (too long or too deep), it contained itself (`cycle`),
 * reading it threw (`error`), it has no data (`unsupported`: functions, symbols, promises) or it is a to-many
 * `collection` that was not loaded.
 */
export type UndecodableKind = 'cut' | 'cycle' | 'error' | 'unsupported' | 'collection';

/** Stands where a value was that the trail does not hold in full. Encoding it again gives the same stored form. */
export class UndecodableValue {
  constructor(
    readonly kind: UndecodableKind,
    /**
     * `cut`: a `CutDetail`; `cycle`: true; `error`: text of the error; `unsupported`: name of the type;
     * `collection`: null.
     */
    readonly detail: JsonValue,
  ) {}
}
