import { isDate } from 'node:util/types';
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { propertiesOf } from '../policy/metadata-properties.js';
import { MaskedValue } from '../serialize/json/mask.js';
import { UndecodableValue } from '../serialize/json/undecodable-value.js';

/** Why a decoded value of a property cannot be written back; null when it can. */
export function unrestorable(
  decoded: unknown,
  prop: EntityProperty,
): 'masked' | 'incomplete' | 'not-writable' | null {
  return isUnwritableTime(decoded, prop) ? 'not-writable' : hiddenIn(decoded);
}

/** MikroORM sends times as ISO texts, of which PostgreSQL takes only years of four digits, and has none that never end. */
function isUnwritableTime(decoded: unknown, { runtimeType }: EntityProperty): boolean {
  if (isDate(decoded)) {
    return decoded.getUTCFullYear() < 1 || decoded.getUTCFullYear() > 9999;
  }
  return runtimeType === 'Date' && typeof decoded === 'string';
}

function hiddenIn(decoded: unknown): 'masked' | 'incomplete' | null {
  if (decoded instanceof MaskedValue) {
    return 'masked';
  }
  if (decoded instanceof UndecodableValue) {
    return 'incomplete';
  }
  if (typeof decoded !== 'object' || decoded === null || Buffer.isBuffer(decoded)) {
    return null;
  }
  const members = decoded instanceof Map ? [...decoded].flat() : Object.values(decoded);
  for (const member of decoded instanceof Set ? [...decoded] : members) {
    const reason = hiddenIn(member);
    if (reason) {
      return reason;
    }
  }
  return null;
}

/** Who makes the value of a property, so that it is never set back; null when the application does. */
export function computedBy(prop: EntityProperty): 'lock-version' | 'computed' | null {
  if (prop.version) {
    return 'lock-version';
  }
  const isGenerated = prop.generated !== undefined && !prop.primary;
  const isReadOnly = prop.getter === true && prop.setter !== true;
  return isGenerated || isReadOnly ? 'computed' : null;
}

/** The value of a new row when none is given; `nothing` when it cannot be without one. */
export function valueWithout(prop: EntityProperty): 'hook' | 'default' | 'null' | 'nothing' {
  if (prop.onCreate || prop.version || prop.generated !== undefined) {
    return 'hook';
  }
  if (prop.default !== undefined || prop.defaultRaw !== undefined || prop.autoincrement) {
    return prop.default === null || prop.defaultRaw === 'null' ? 'null' : 'default';
  }
  return prop.nullable ? 'null' : 'nothing';
}

/** The properties of a class that have a column of their own. */
export function storedProperties(meta: EntityMetadata): readonly EntityProperty[] {
  const properties = propertiesOf(meta);
  const isInsideJson = ({ embedded }: EntityProperty): boolean => {
    const outer = embedded && properties[embedded[0]];
    return outer !== undefined && (outer.object === true || outer.array === true || isInsideJson(outer));
  };
  return meta.props.filter((prop) => hasColumn(prop) && !isInsideJson(prop));
}

function hasColumn(prop: EntityProperty): boolean {
  const isToMany = prop.kind === ReferenceKind.ONE_TO_MANY || prop.kind === ReferenceKind.MANY_TO_MANY;
  const isInverse = prop.kind === ReferenceKind.ONE_TO_ONE && !prop.owner;
  const isSpread = prop.kind === ReferenceKind.EMBEDDED && !prop.object && !prop.array;
  return !isToMany && !isInverse && !isSpread && prop.persist !== false && prop.formula === undefined;
}
