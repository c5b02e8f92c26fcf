import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { EntitySchema, Type } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { changesOf } from './trail-values.js';

const KEY = Buffer.alloc(32, 7);
const VECTOR_BYTES = 16;

function decrypt(stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', KEY, bytes.subarray(0, VECTOR_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(VECTOR_BYTES)), decipher.final()]).toString('utf8');
}

/** Each time another text for the same value: MikroORM's snapshot of a loaded entity is not what is stored. */
class RandomlyEncrypted extends Type<string, string> {
  override convertToDatabaseValue(value: string | null): string {
    if (value === null) {
      return null as never;
    }
    const vector = randomBytes(VECTOR_BYTES);
    const cipher = createCipheriv('aes-256-cbc', KEY, vector);
    return Buffer.concat([vector, cipher.update(value, 'utf8'), cipher.final()]).toString('base64');
  }
  override convertToJSValue(value: string | null): string {
    return value === null ? (null as never) : decrypt(value);
  }
  override compareValues(one: string, other: string): boolean {
    return decrypt(one) === decrypt(other);
  }
  override getColumnType(): string {
    return 'text';
  }
}

interface Sealed {
  id: number;
  note?: string | null;
  diagnosis?: string | null;
}

const Sealed = new EntitySchema<Sealed>({
  name: 'Sealed',
  properties: {
    id: { type: 'integer', primary: true },
    note: { type: 'string', nullable: true },
    diagnosis: { type: RandomlyEncrypted, nullable: true },
  },
});

const audited = useAuditedApp({
  entities: [Sealed as never],
  options: { policies: [auditPolicy(Sealed as never, { exact: true })] },
});

function fork(): EntityManager {
  return audited.orm.em.fork();
}

it('a type that encrypts with chance is recorded as stored by an exact policy, and decoded in clear', async () => {
  const em = fork();
  const row = em.create(Sealed, { diagnosis: 'flu' });
  await em.flush();
  row.note = 'touched';
  await em.flush();
  row.diagnosis = 'cold';
  await em.flush();
  const other = fork();
  other.remove(await other.findOneOrFail(Sealed, 1));
  await other.flush();
  const changes = await changesOf(audited);
  expect(JSON.stringify(changes)).not.toMatch(/flu|cold/);
  expect(changes[1]).toEqual(['update', { note: null }, { note: 'touched' }]);
  expect(changes[2]?.[1]?.diagnosis).toEqual(changes[0]?.[2]?.diagnosis);
  expect(changes[3]?.[1]?.diagnosis).toEqual(changes[2]?.[2]?.diagnosis);
  const { items } = await audited.reader.history(Sealed.meta.class, 1);
  expect(items.map(({ before, after }) => [before?.diagnosis, after?.diagnosis])).toEqual([
    ['cold', undefined],
    ['flu', 'cold'],
    [undefined, undefined],
    [undefined, 'flu'],
  ]);
});
