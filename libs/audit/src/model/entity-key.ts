/** The key of an entity as one has it at hand: a single key, or the parts of a composite one in the order of the key. */
export type EntityKey = string | number | bigint | Date | readonly (string | number | bigint | Date)[];
