import { expect, it } from '@jest/globals';
import { AuditCoverage, AuditDoctor, auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';
import { Note, Page } from './notes-and-pages.js';

const policies = [auditPolicy(Note), auditPolicy(Page)];
const audited = useAuditedApp({
  entities: [Note, Page],
  options: { policies },
  orm: withTriggers({ policies }),
});

/** Errors and warnings of triggers, without those of the oracle. */
async function found(): Promise<readonly string[]> {
  const findings = await audited.app.get(AuditDoctor).examine();
  return findings
    .filter(({ code, subject }) => code.startsWith('trigger-') && subject !== 'AA_shadow')
    .map(({ code, severity, subject }) => `${severity} ${code} ${subject.replace(/_[0-9a-f]{8}$/, '')}`);
}

/** Whether other writes are recorded, and why not, by entity. */
async function coverage(): Promise<ReadonlyMap<string, readonly [string, string | null]>> {
  const { entities } = await audited.app.get(AuditCoverage).report();
  return new Map(
    entities.map(({ entityType, otherWrites, withoutTriggers }) => [
      entityType,
      [otherWrites, withoutTriggers],
    ]),
  );
}

async function nameOf(table: string, prefix: string): Promise<string> {
  const [{ name } = { name: '' }] = await audited.orm.em
    .fork()
    .execute<{ name: string }[]>(
      `select tgname as name from pg_trigger where tgrelid = ?::regclass and starts_with(tgname, ?)`,
      [table, prefix],
    );
  return name;
}

it('the doctor knows the triggers that record, and has nothing to say of them', async () => {
  expect(await found()).toEqual([]);
  expect([...(await coverage()).values()]).toEqual([
    ['recorded', null],
    ['recorded', null],
  ]);
});

it.each([
  [
    'is gone',
    'note',
    'audit_update_',
    (name: string) => `drop trigger "${name}" on note`,
    'error trigger-missing audit_update',
  ],
  [
    'is switched off',
    'page',
    'audit_delete_',
    (name: string) => `alter table page disable trigger "${name}"`,
    'error trigger-off audit_delete',
  ],
  [
    'that hides secrets is switched off',
    'audit_change',
    'audit_careful_',
    (name: string) => `alter table audit_change disable trigger "${name}"`,
    'error trigger-off audit_careful',
  ],
  [
    'of an earlier policy is still there',
    'note',
    'audit_insert_',
    (name: string) =>
      `create trigger audit_insert_0000000a after insert on note referencing new table as new_rows for each statement execute function "note_${name}_fn"()`,
    'error trigger-outdated audit_insert',
  ],
  [
    'does something else',
    'note',
    'audit_delete_',
    (name: string) =>
      `create or replace function "note_${name}_fn"() returns trigger language plpgsql security definer as 'begin return null; end'`,
    'error trigger-outdated audit_delete',
  ],
])('a trigger that %s is found, and seen in the coverage', async (_, table, prefix, sqlOf, expected) => {
  audited.skipOracle();
  const em = audited.orm.em.fork();
  const said = expect.stringMatching(`the trigger ${prefix}[0-9a-f]{8} is `);
  const others = table === 'note' ? 'Page' : 'Note';
  const before = await coverage();
  expect(before.get(table === 'page' ? 'Page' : 'Note')).not.toEqual(['unnoticed', said]);
  await em.execute(sqlOf(await nameOf(table, prefix)));
  expect(await found()).toContain(expected);
  const covered = await coverage();
  expect(covered.get(table === 'page' ? 'Page' : 'Note')).toEqual(['unnoticed', said]);
  expect(covered.get(others)).toEqual(table === 'audit_change' ? ['unnoticed', said] : before.get(others));
});
