import { type Actor, type ActorType, GIVEN_ACTOR_TYPES } from '../model/actor.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Origin } from '../model/revision.js';
import { objectFromPairs } from '../serialize/json/json-shape.js';
import { displayText } from '../serialize/text/safe-text.js';

/** The index on the actor takes no more than about 2,700 bytes; a character has at most three per UTF-16 unit. */
export const MAX_ID = 512;
const MAX_TEXT = 8_192;
const MAX_DEPTH = 16;
/** Members and characters of all metadata together. */
const METADATA_BUDGET = 65_536;
const CUT = '\u2026';

/**
 * A text that PostgreSQL can store (it refuses NUL, and lone surrogates in jsonb). One that is too long is cut and
 * ends with an ellipsis. A context is for people to read, so nothing has to be restored exactly, and it must never
 * make the write fail that it describes.
 */
export function safeText(value: unknown, maxLength = MAX_TEXT): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  const text = textOf(value);
  return text.length > maxLength ? displayText(text, maxLength - 1) + CUT : displayText(text, maxLength);
}

export function safeActor(actor: Actor): Actor {
  const type: ActorType = GIVEN_ACTOR_TYPES.includes(actor.type) ? actor.type : 'unknown';
  return { type, id: safeText(actor.id, MAX_ID), label: safeText(actor.label, MAX_ID) };
}

export function safeOrigin(origin: Origin): Origin {
  return {
    source: safeText(origin.source),
    ip: safeText(origin.ip),
    userAgent: safeText(origin.userAgent),
    method: safeText(origin.method),
    route: safeText(origin.route),
    handler: safeText(origin.handler),
  };
}

export function safeId(value: unknown): string | null {
  return safeText(value, MAX_ID);
}

/** Metadata as JSON that `jsonb` takes, bounded in depth and size, whatever the app has put into it. */
export function safeMetadata(metadata: JsonObject): JsonObject {
  const json = new SafeJson().convert(metadata, 0);
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as JsonObject)
    : { value: json };
}

class SafeJson {
  private budget = METADATA_BUDGET;

  convert(value: unknown, depth: number): JsonValue {
    this.budget--;
    switch (typeof value) {
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'object':
        return value === null ? null : this.convertObject(value, depth);
      default:
        return this.text(value);
    }
  }

  private convertObject(value: object, depth: number): JsonValue {
    if (depth >= MAX_DEPTH || this.budget <= 0) {
      return CUT;
    }
    try {
      const { toJSON } = value as { readonly toJSON?: unknown };
      if (typeof toJSON === 'function') {
        return this.convert(toJSON.call(value, ''), depth + 1);
      }
      return Array.isArray(value) ? this.convertItems(value, depth) : this.convertMembers(value, depth);
    } catch {
      return CUT;
    }
  }

  private convertItems(items: readonly unknown[], depth: number): JsonValue[] {
    const converted: JsonValue[] = [];
    for (const item of items) {
      if (this.budget <= 0) {
        converted.push(CUT);
        break;
      }
      converted.push(item === undefined ? null : this.convert(item, depth + 1));
    }
    return converted;
  }

  private convertMembers(value: object, depth: number): JsonObject {
    const members: [string, JsonValue][] = [];
    for (const key of Object.keys(value)) {
      if (this.budget <= 0) {
        members.push([CUT, CUT]);
        break;
      }
      const member = memberOf(value, key);
      if (member !== undefined && typeof member !== 'function' && typeof member !== 'symbol') {
        members.push([this.text(key), this.convert(member, depth + 1)]);
      }
    }
    return objectFromPairs(members);
  }

  private text(value: unknown): string {
    const text = safeText(value, Math.max(2, Math.min(MAX_TEXT, this.budget))) ?? '';
    this.budget -= text.length;
    return text;
  }
}

function memberOf(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return CUT;
  }
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return CUT;
  }
}
