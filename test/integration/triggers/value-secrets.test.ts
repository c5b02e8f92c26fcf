import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditPolicy } from 'nestjs-mikro-audit';
import { SecretNames } from '../../../libs/audit/src/serialize/text/secret-names.js';
import { SECRET_PHRASES, SECRET_WORDS } from '../../../libs/audit/src/serialize/text/secret-words.js';
import { SecretNamesSql } from '../../../libs/audit/src/triggers/values/secret-names-sql.js';
import { randomRuns } from '../../support/random-runs.js';
import type { TestEntity } from '../../support/test-entity.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { longRow } from './long-row.js';
import { expectParity } from './value-statements.js';

const LongRow = longRow('LongRow');
const ROOM = 1_000;
const options = {
  policies: [auditPolicy(LongRow as never)],
  maxValueBytes: ROOM,
  secrets: {
    words: ['inner code'],
    except: ['token'],
    texts: ['url', 'jwt', 'private-key', 'api-key', 'card-number'],
  },
} as const;

const audited = useAuditedApp({ entities: [LongRow] as unknown as TestEntity[], options, verify: false });

describe('a value that is too large', () => {
  it('is cut with length, digest and prefix', async () => {
    const texts = [
      'x'.repeat(ROOM - 2),
      'x'.repeat(ROOM - 1),
      'ä"\n😀'.repeat(300),
      `${'\u0001'.repeat(170)}😀`,
    ];
    await expectParity(audited.orm, options, 'LongRow', (em) => em.create(LongRow, {}), [
      ...texts.map(
        (text) => (row: object) => Object.assign(row, { text, list: [text], data: text, map: [text] }),
      ),
      (row) =>
        Object.assign(row, { text: `https://u:p@h/${'x'.repeat(ROOM)}`, bytes: Buffer.alloc(ROOM, 1) }),
      (row) =>
        Object.assign(row, { text: `${'x'.repeat(ROOM)} https://u:p@h/`, bytes: Buffer.alloc(729, 255) }),
      (row) =>
        Object.assign(row, { bytes: Buffer.alloc(740, 255), list: Array.from({ length: 200 }, String) }),
      (row) =>
        Object.assign(row, {
          data: {
            b: 1e21,
            a: [1e-7, 1.5, 0.1, 123_456_789_012_345_680_000],
            é: '😀',
            $x: { $y: 1 },
            password: 'p',
            z: 'x'.repeat(ROOM),
          },
          map: { $only: { key: 'secret', value: ['x'.repeat(ROOM)] } },
        }),
      (row) => Object.assign(row, { data: { a: { url: 'https://u:p@h', pad: 'x'.repeat(ROOM) } } }),
      (row) => Object.assign(row, { data: Array.from({ length: 90 }, () => ({ $a: 1 })) }),
      (row) => Object.assign(row, { data: nested(40), map: nested(31), list: null }),
      (row) => Object.assign(row, { data: nested(32), map: nested(33), bytes: null }),
    ]);
  });
});

describe('a secret', () => {
  it('is known by its look, and by the words of the application', async () => {
    const secrets = [
      `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.x`,
      '-----BEGIN RSA PRIVATE KEY-----',
      `AKIA${'A'.repeat(16)}`,
      'card 4111 1111 1111 1111.',
      'card 4111 1111 1111 1112.',
      '4111111111111111',
      'sk_live_0123456789abcdef',
      'https://x.y/?inner-code=1',
      'https://x.y/?token=1&apikey=2',
      'https://x.y/?token=1',
    ];
    await expectParity(audited.orm, options, 'LongRow', (em) => em.create(LongRow, {}), [
      ...secrets.map(
        (text) => (row: object) =>
          Object.assign(row, { text, list: ['a', text], data: { a: [text] }, map: text }),
      ),
      (row) =>
        Object.assign(row, {
          amount: '4111111111111111',
          data: { a: 4_111_111_111_111_111, b: -4_111_111_111_111_111 },
        }),
      (row) => Object.assign(row, { amount: '4111111111111112', data: { a: 4_111_111_111_111_112 } }),
      (row) => Object.assign(row, { data: { innerCode: 1, token: 2, accessToken: 3, my_inner_code: 4 } }),
    ]);
  });
});

const WORDS = [
  ...['card', 'number', 'pin', 'map', 'count', 'name', 'value', 'key', 'code', 'sms', 'api', 'inner', 'x'],
  ...['cookies', 'password', 'hash', 'has', 'url', 'größe', 'пароль', 'token', 'authorization', 'session'],
];
const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
const nameOf = (words: readonly string[]) =>
  fc
    .array(
      fc.tuple(fc.constantFrom(...words), fc.constantFrom('', '_', '-', '.', ' ', '2', 's'), fc.boolean()),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((parts) => parts.map(([word, end, isBig]) => (isBig ? capital(word) : word) + end).join(''));

it('any name is judged alike, and no secret one is overlooked', async () => {
  const names = new SecretNames(options.secrets);
  const sql = new SecretNamesSql(names);
  const drawn = fc.sample(nameOf([...WORDS, ...SECRET_WORDS, ...SECRET_PHRASES]), 1_000);
  const connection = audited.orm.em.getConnection();
  await connection.execute(`create or replace function judged(names text[]) returns table (name text, is_secret boolean, may_be boolean)
    language plpgsql set search_path = pg_catalog, pg_temp as $f$ declare ${sql.constants.join(' ')}
    begin return query select one, ${sql.isSecret('one')}, ${sql.mayHaveSecret(`'"' || one || '"'`)} from unnest(names) one; end $f$`);
  const rows: { name: string; is_secret: boolean; may_be: boolean }[] = await connection.execute(
    'select * from judged(array(select jsonb_array_elements_text(?::jsonb)))',
    [JSON.stringify(drawn)],
  );
  const other = rows.filter(({ name, is_secret, may_be }) => {
    const isSecret = names.isSecret(name);
    return isSecret !== is_secret || (isSecret && !may_be);
  });
  expect(other).toEqual([]);
});

it('any JSON is the same as in the trail', async () => {
  const { doc } = fc.letrec((tie) => ({
    doc: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('redact', 'token', 'api-key', 'https://u:p@h', 1, 0.1, 1e21, null, true, ''),
      nameOf(WORDS),
      fc.array(tie('doc'), { maxLength: 3 }),
      fc.array(fc.tuple(nameOf(WORDS), tie('doc')), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(nameOf(WORDS), fc.constantFrom('$links', '$mask', '$', 'name', 'value')),
        tie('doc'),
        { maxKeys: 3 },
      ),
    ),
  }));
  let at = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(doc, { minLength: 5, maxLength: 5 }), async (docs) => {
      await audited.orm.em.getConnection().execute('truncate audit_change, long_row');
      at += 1;
      await expectParity(audited.orm, options, 'LongRow', (em) => em.create(LongRow, { id: at }), [
        ...docs.map((data) => (row: object) => Object.assign(row, { data, map: data })),
      ]);
    }),
    randomRuns(25),
  );
});

/** Arrays and objects in turn. */
function nested(depth: number): unknown {
  return depth === 0 ? 1 : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };
}
