import { inspect } from 'node:util';
import { AuditBaseline, AuditCheck, AuditDoctor, AuditWriteError } from 'nestjs-mikro-audit';
import type { AuditedApp } from '../../support/audited-app.js';
import { SABOTAGES, withoutTrail } from '../failure/failed-trail.js';
import { canary } from './canary.js';
import type { LogLines } from './log-lines.js';
import { poisonedVault } from './plant.js';
import { Vault } from './vault.js';

/** The answers of the routes, by the kind of answer. */
export type Told = Readonly<
  Record<'answers' | 'exports' | 'manifests' | 'plans' | 'errors' | 'events' | 'viewer', string>
>;

type Sink = readonly [
  name: string,
  read: (audited: AuditedApp, told: Told, log: LogLines) => Promise<string> | string,
];

export async function rowsOf({ orm }: AuditedApp, tables: readonly string[]): Promise<string> {
  const texts = tables.map(async (table) => {
    const [row]: { text: string }[] = await orm.em
      .getConnection()
      .execute(`select coalesce(string_agg(t::text, E'\\n'), '') as text from ${table} t`);
    return `${table}\n${row?.text ?? ''}`;
  });
  return (await Promise.all(texts)).join('\n');
}

/** Everywhere that the trail is, or is shown. */
export const SINKS: readonly Sink[] = [
  ['the tables of the trail', (audited) => rowsOf(audited, ['audit_change', 'audit_read'])],
  ['answers of the routes', (_, { answers }) => answers],
  ['what the viewer loads', (_, { viewer }) => viewer],
  ['exports', (_, { exports }) => exports],
  ['manifests', (_, { manifests }) => manifests],
  ['plans, and what carrying them out answers', (_, { plans }) => plans],
  ['the stream of events', (_, { events }) => events],
  ['refusals of the routes', (_, { errors }) => errors],
  ['errors of writes, with all of their causes', failedWrites],
  ['baselines, checks and what the doctor finds', coverage],
  ['logs at every level', (_audited, _told, log) => log.text],
];

/** As a logger prints them, for every way in which the trail cannot be written. */
async function failedWrites({ orm }: AuditedApp): Promise<string> {
  let text = 'vault';
  for (const sabotage of SABOTAGES) {
    const em = orm.em.fork();
    em.create(Vault, poisonedVault('failed'));
    const error = await withoutTrail(
      orm,
      () =>
        em.flush().then(
          () => null,
          (one: unknown) => one,
        ),
      sabotage,
    );
    if (!(error instanceof AuditWriteError)) {
      throw new Error(`The trail could be written: ${sabotage.title}`, { cause: error });
    }
    text += inspect(error, { depth: null, showHidden: true });
  }
  return text;
}

/** The output of the commands, where the rows are others than the trail says. */
async function coverage({ app, orm }: AuditedApp): Promise<string> {
  const connection = orm.em.getConnection();
  await connection.execute(`begin; set local session_replication_role = replica;
    update vault set title = 'x', db_pass = '${canary('checked')}', email = '${canary('checkedmask')}', notes = 'https://u:${canary('checkedurl')}@h',
      data = data || '{"password":"${canary('checkedjson')}"}'; commit`);
  const checked = await app.get(AuditCheck).run({});
  const baseline = await app.get(AuditBaseline).run();
  if (checked.counts.differs === 0) {
    throw new Error('The check has found nothing.');
  }
  return `vault ${inspect([checked, baseline, await app.get(AuditDoctor).examine()], { depth: null })}`;
}
