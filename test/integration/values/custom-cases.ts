import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type EntityProperty, type Platform, Type } from '@mikro-orm/core';
import type { ValueCase } from './value-case.js';

export class Money {
  constructor(readonly cents: number) {}
}

export class MoneyType extends Type<Money, number> {
  override convertToDatabaseValue(value: Money | null): number {
    return value === null ? (null as never) : value.cents;
  }
  override convertToJSValue(value: number | null): Money {
    return value === null ? (null as never) : new Money(value);
  }
  override getColumnType(): string {
    return 'int';
  }
  override compareAsType(): string {
    return 'number';
  }
}

/** A database form that the driver gives back as text although it was sent as a number. */
class MoneyInBigint extends MoneyType {
  override getColumnType(): string {
    return 'bigint';
  }
  override convertToJSValue(value: number | string | null): Money {
    return value === null ? (null as never) : new Money(Number(value));
  }
}

class UpperType extends Type<string, string> {
  override convertToDatabaseValueSQL(key: string): string {
    return `upper(${key})`;
  }
  override getColumnType(): string {
    return 'text';
  }
}

const CIPHER_KEY = Buffer.alloc(32, 7);
const VECTOR = Buffer.alloc(16, 3);

export function encrypt(text: string): string {
  const cipher = createCipheriv('aes-256-cbc', CIPHER_KEY, VECTOR);
  return `v1:${Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')}`;
}

export class EncryptedType extends Type<string, string> {
  override convertToDatabaseValue(value: string | null): string {
    return value === null ? (null as never) : encrypt(value);
  }
  override convertToJSValue(value: string | null): string {
    if (value === null) {
      return null as never;
    }
    const decipher = createDecipheriv('aes-256-cbc', CIPHER_KEY, VECTOR);
    return Buffer.concat([decipher.update(value.slice(3), 'base64'), decipher.final()]).toString('utf8');
  }
  override getColumnType(): string {
    return 'text';
  }
}

class Settings {
  constructor(readonly flags: readonly string[]) {}
}

/** A value object in a jsonb column, not by MikroORM's own type for JSON. */
class SettingsType extends Type<Settings, string> {
  override convertToDatabaseValue(value: Settings | null): string {
    return value === null ? (null as never) : JSON.stringify({ flags: value.flags });
  }
  override convertToJSValue(value: unknown): Settings {
    const stored = (typeof value === 'string' ? JSON.parse(value) : value) as { flags: string[] } | null;
    return stored === null ? (null as never) : new Settings(stored.flags);
  }
  override getColumnType(_prop: EntityProperty, platform: Platform): string {
    return platform.getJsonDeclarationSQL();
  }
}

function microseconds(text: string): string {
  return text
    .replace(' ', 'T')
    .replace(/(?:\.(\d+))?(?:\+00|Z)$/, (_match, fraction = '') => `.${fraction.padEnd(6, '0')}Z`);
}

/** An instant as text with microseconds, which `Date` does not have. */
class MicroType extends Type<string, string> {
  override convertToJSValue(value: string | null): string {
    return value === null ? (null as never) : microseconds(value);
  }
  override getColumnType(): string {
    return 'timestamptz(6)';
  }
  override compareAsType(): string {
    return 'string';
  }
}

export const customCases: readonly ValueCase[] = [
  {
    name: 'MoneyInInt',
    property: { type: MoneyType },
    first: () => new Money(100),
    second: () => new Money(-1),
    stored: [100, -1],
  },
  {
    name: 'MoneyInBigint',
    property: { type: MoneyInBigint },
    first: () => new Money(100),
    second: () => new Money(-1),
    stored: ['100', '-1'],
  },
  {
    name: 'UpperBySql',
    property: { type: UpperType },
    first: () => 'abc',
    second: () => 'ß',
    equal: () => 'ABC',
    stored: ['ABC', 'ß'],
    readsBack: true,
  },
  {
    name: 'EncryptedText',
    property: { type: EncryptedType },
    first: () => 'clear',
    second: () => 'other',
    stored: [encrypt('clear'), encrypt('other')],
  },
  {
    name: 'SettingsInJsonb',
    property: { type: SettingsType },
    first: () => new Settings(['a', 'b']),
    second: () => new Settings([]),
    stored: [{ flags: ['a', 'b'] }, { flags: [] }],
  },
  {
    name: 'MicrosecondText',
    property: { type: MicroType },
    first: () => '2024-05-01T10:00:00.123456Z',
    second: () => '2024-05-01T10:00:00.100000Z',
    stored: ['2024-05-01T10:00:00.123456Z', '2024-05-01T10:00:00.100Z'],
  },
];
