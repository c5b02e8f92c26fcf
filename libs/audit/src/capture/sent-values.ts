import { isRaw } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { PropertyCodec } from '../serialize/property/property-codec.js';

/** What was sent, by the names of what only the database knows; undefined where nothing, or an SQL expression, was. */
type Unresolved = Map<string, JsonValue | undefined>;

/** What becomes of the values that one statement sends, by MikroORM's names. */
export class SentValues {
  /** What is stored, unmasked, as far as it is known. */
  readonly stored: Record<string, JsonValue> = {};
  /** Undefined when nothing has to be asked of the database. */
  unresolved: Unresolved | undefined;

  /** Takes what is stored for a sent value, or notes that only the database knows. */
  put(property: PropertyCodec, value: unknown): void {
    const ordinary = property.ordinary(value);
    if (ordinary !== undefined) {
      this.stored[property.name] = ordinary;
      return;
    }
    const sent = isRaw(value) ? undefined : property.encode(value, 'unit-of-work');
    const stored = sent === undefined || sent === null ? sent : property.storedForm(sent);
    if (stored === undefined) {
      this.leaveOpen(property.name, sent);
    } else {
      this.stored[property.name] = stored;
    }
  }

  leaveOpen(name: string, sent?: JsonValue): void {
    this.unresolved ??= new Map();
    this.unresolved.set(name, sent);
  }

  /** For an exact policy, which believes nothing of what was sent. */
  allOf(names: readonly string[]): Unresolved {
    return new Map(names.map((name) => [name, this.stored[name]]));
  }
}
