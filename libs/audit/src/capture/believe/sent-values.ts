import { isRaw } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';
import type { OpenValues } from '../record/draft.js';

/** The stored forms of the values that one statement sends, by MikroORM's names. */
export class SentValues {
  /** Stored values, unmasked, as far as they are known. */
  readonly stored: Record<string, JsonValue> = {};
  private openValues: Map<string, JsonValue | undefined> | null = null;

  /** Null when nothing has to be asked of the database. */
  get open(): OpenValues | null {
    return this.openValues;
  }

  /** Takes the stored form of a sent value, or notes that only the database knows it. */
  put(property: PropertyCodec, value: unknown): void {
    // Of rows of both classes that one statement writes, MikroORM 7.2.1 stores the values of one class only.
    if (property.property.sharesColumn) {
      this.leaveOpen(property.name, isRaw(value) ? undefined : property.encode(value, 'unit-of-work'));
      return;
    }
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
    this.openValues ??= new Map();
    this.openValues.set(name, sent);
  }
}
