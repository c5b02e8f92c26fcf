import { types } from 'node:util';
import type { JsonValue } from '../../model/json.js';
import { EntityLink } from './entity-link.js';
import { encodeMask, MaskedValue } from './mask.js';
import { plainForm, typeWithoutData } from './opaque-object.js';
import { ormValue } from './orm-value.js';
import { UndecodableValue } from './undecodable-value.js';
import { ValueBudget } from './value-budget.js';
import { DEPTH_CUT } from './value-cut.js';
import {
  encodeDate,
  encodeMembers,
  encodeNumber,
  encodeText,
  errorTag,
  unsupportedTag,
} from './value-tags.js';

/** The rules of a `ValueEncoder`. */
export interface ValueEncoderOptions {
  readonly maxDepth: number;
  /** Size limit of the value; the encoder reads beyond it, but not without end. */
  readonly maxBytes: number;
  /** Asked for each object key; an answer is taken in place of the member, which is then not read. */
  readonly maskKey?: ((key: string) => JsonValue | undefined) | undefined;
}

/** Turns one value into tagged JSON. Does not throw. Has state: take a new one for each value. */
export class ValueEncoder {
  readonly #options: ValueEncoderOptions;
  readonly #ancestors = new Set<object>();
  readonly #budget: ValueBudget;

  constructor(options: ValueEncoderOptions) {
    this.#options = options;
    this.#budget = new ValueBudget(options.maxBytes);
  }

  /** False when the value was too large to be read to its end; the JSON is then only its beginning. */
  get complete(): boolean {
    return !this.#budget.exhausted;
  }

  /** @param depth number of containers around the value */
  encode(value: unknown, depth = 0): JsonValue {
    this.#budget.takeNode();
    try {
      return this.#encodeAny(value, depth);
    } catch (error) {
      return errorTag(error);
    }
  }

  #encodeAny(value: unknown, depth: number): JsonValue {
    switch (typeof value) {
      case 'string':
        return encodeText(this.#budget.takeText(value));
      case 'number':
        return encodeNumber(value);
      case 'bigint':
        return { $bigint: value.toString() };
      case 'boolean':
        return value;
      case 'undefined':
        return { $undefined: true };
      case 'object':
        return value === null ? null : this.#encodeObject(value, depth);
      default:
        return unsupportedTag(typeof value);
    }
  }

  #encodeObject(value: object, depth: number): JsonValue {
    if (this.#ancestors.has(value)) {
      return { $cycle: true };
    }
    if (types.isDate(value)) {
      return encodeDate(value);
    }
    if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) {
      return this.#encodeBytes(value);
    }
    if (types.isBoxedPrimitive(value)) {
      const primitive: unknown = value.valueOf();
      return typeof primitive === 'object'
        ? unsupportedTag('boxed primitive')
        : this.encode(primitive, depth);
    }
    if (value instanceof UndecodableValue) {
      return { [`$${value.kind}`]: value.detail };
    }
    if (value instanceof MaskedValue) {
      return encodeMask(value);
    }
    if (depth >= this.#options.maxDepth) {
      return DEPTH_CUT;
    }
    this.#ancestors.add(value);
    try {
      return this.#encodeOrmValue(value, depth) ?? this.#encodeContainer(value, depth);
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #encodeBytes(value: ArrayBufferLike | ArrayBufferView): JsonValue {
    const bytes = ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      : Buffer.from(value);
    return { $bytes: this.#budget.takeBytes(bytes).toString('base64') };
  }

  #encodeOrmValue(value: object, depth: number): JsonValue | null {
    if (value instanceof EntityLink) {
      return this.#encodeLink(value.className, value.primaryKey, depth);
    }
    const found = ormValue(value);
    switch (found?.kind) {
      case undefined:
        return null;
      case 'entity':
        return this.#encodeLink(found.className, found.primaryKey, depth);
      case 'collection':
        return { $collection: found.items === null ? null : this.#encodeItems(found.items, depth) };
      case 'scalar':
        return found.loaded
          ? this.encode(found.value, depth)
          : unsupportedTag('lazy value that is not loaded');
      case 'raw':
        return unsupportedTag('raw SQL');
    }
  }

  #encodeLink(className: string | null, primaryKey: unknown, depth: number): JsonValue {
    return {
      $entity: { class: this.encode(className, depth + 1), key: this.encode(primaryKey ?? null, depth + 1) },
    };
  }

  #encodeContainer(value: object, depth: number): JsonValue {
    if (Array.isArray(value)) {
      return this.#encodeItems(value, depth);
    }
    if (types.isMap(value)) {
      return { $map: this.#encodeEntries(value, depth) };
    }
    if (types.isSet(value)) {
      // The built-in iterators here and for maps: a subclass may have others.
      return { $set: this.#encodeIterable(Set.prototype.values.call(value), depth) };
    }
    if (types.isNativeError(value)) {
      return this.#encodeMembers(value, new Set(['name', 'message', ...Object.keys(value)]), depth);
    }
    const type = typeWithoutData(value);
    if (type !== null) {
      return unsupportedTag(type);
    }
    const plain = plainForm(value);
    return plain === null ? this.#encodeMembers(value, Object.keys(value), depth) : this.encode(plain, depth);
  }

  #encodeItems(items: readonly unknown[], depth: number): readonly JsonValue[] {
    const encoded: JsonValue[] = [];
    const length = items.length;
    for (let index = 0; index < length && !this.#budget.exhausted; index += 1) {
      const item = this.#encodeMember(items, index, depth);
      encoded.push(item === undefined ? this.encode(item) : item);
    }
    return encoded;
  }

  #encodeIterable(values: Iterable<unknown>, depth: number): readonly JsonValue[] {
    const encoded: JsonValue[] = [];
    for (const value of values) {
      if (this.#budget.exhausted) {
        break;
      }
      encoded.push(this.encode(value, depth + 1));
    }
    return encoded;
  }

  #encodeEntries(map: ReadonlyMap<unknown, unknown>, depth: number): readonly JsonValue[] {
    const encoded: JsonValue[] = [];
    for (const [key, value] of Map.prototype.entries.call(map)) {
      if (this.#budget.exhausted) {
        break;
      }
      const masked = typeof key === 'string' ? this.#mask(key) : undefined;
      encoded.push([
        this.encode(key, depth + 1),
        masked === undefined ? this.encode(value, depth + 1) : masked,
      ]);
    }
    return encoded;
  }

  #encodeMembers(value: object, keys: Iterable<string>, depth: number): JsonValue {
    const members: [string, JsonValue][] = [];
    for (const key of keys) {
      if (this.#budget.exhausted) {
        break;
      }
      const masked = this.#mask(key);
      const member = masked === undefined ? this.#encodeMember(value, key, depth) : masked;
      // Undefined members are left out, as JSON does.
      if (member !== undefined) {
        members.push([this.#budget.takeText(key), member]);
      }
    }
    return encodeMembers(members);
  }

  /** Undefined when the member is. */
  #encodeMember(container: object, key: string | number, depth: number): JsonValue | undefined {
    let member: unknown;
    try {
      member = Reflect.get(container, key);
    } catch (error) {
      this.#budget.takeNode();
      return errorTag(error);
    }
    return member === undefined ? undefined : this.encode(member, depth + 1);
  }

  #mask(key: string): JsonValue | undefined {
    try {
      return this.#options.maskKey?.(key);
    } catch (error) {
      // Whether the member is secret is unknown, so it is not shown.
      return errorTag(error);
    }
  }
}
