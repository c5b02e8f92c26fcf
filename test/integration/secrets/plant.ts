import type { ContextValues, JsonObject } from 'nestjs-mikro-audit';
import { AuditRecorder } from 'nestjs-mikro-audit';
import pg from 'pg';
import type { AuditedApp } from '../../support/audited-app.js';
import { CARDS, canary, jwt, pem, poisonedJson, url } from './canary.js';
import { Holder, Login, Vault, Visit } from './vault.js';

/** Who, why and from where, with secrets that somebody has typed, pasted or passed on. */
function poisonedContext(place: string): ContextValues {
  return {
    actor: { type: 'user', id: 'anna', label: `Anna ${url(`${place}label`)}` },
    onBehalfOf: { type: 'service', id: 'import', label: jwt(`${place}behalf`) },
    authenticationMethod: url(`${place}method`),
    action: `import ${url(`${place}action`)}`,
    reason: `as in ${url(`${place}reason`)}, and ${jwt(`${place}typed`)} or ${CARDS[1]}: ${pem(`${place}pem`)}`,
    origin: {
      source: url(`${place}source`),
      userAgent: `curl ${url(`${place}agent`)}`,
      route: url(`${place}route`),
    },
    correlationId: url(`${place}correlation`),
    metadata: poisonedJson(`${place}meta`) as JsonObject,
  };
}

function poisonedLogin(place: string): Login {
  return Object.assign(new Login(), {
    user: 'seen',
    password: canary(`${place}password`),
    remark: url(`${place}remark`),
    extra: poisonedJson(`${place}extra`),
  });
}

/** A secret in every property. */
export function poisonedVault(place: string) {
  return {
    title: `Vault ${url(`${place}title`)}`,
    dbPass: canary(`${place}camel`),
    ssh_key: canary(`${place}snake`),
    smsCode: canary(`${place}column`),
    notes: `seen, ${pem(`${place}notes`)}`,
    paidWith: `with ${CARDS[0]}`,
    data: poisonedJson(`${place}data`),
    textData: poisonedJson(`${place}text`),
    lines: ['seen', url(`${place}line`)],
    login: poisonedLogin(`${place}login`),
    document: poisonedLogin(`${place}document`),
    logins: [poisonedLogin(`${place}first`), poisonedLogin(`${place}second`)],
    email: canary(`${place}email`),
    taxNumber: canary(`${place}hash`),
    scratch: canary(`${place}ignored`),
    concealed: canary(`${place}concealed`),
  };
}

/** The values of entities and links, written by the unit of work. */
export async function plantByUnitOfWork({ orm, context }: AuditedApp): Promise<void> {
  await context.run(poisonedContext('uow'), async () => {
    const em = orm.em.fork();
    const holder = (place: string) => em.create(Holder, { code: canary(place) });
    const vault = em.create(Vault, {
      ...poisonedVault('uowa'),
      owner: holder('uowowner'),
      accessToken: holder('uowreference'),
    });
    vault.holders.add(holder('uowlink'));
    vault.apiTokens.add(holder('uowtoken'));
    const visit = em.create(Visit, { remark: url('uowvisit'), vault });
    await em.flush();
    Object.assign(vault, poisonedVault('uowb'), { owner: holder('uowowner2'), accessToken: null });
    vault.holders.set([holder('uowlink2')]);
    vault.apiTokens.removeAll();
    visit.remark = url('uowvisit2');
    await em.flush();
    em.remove(visit);
    await em.flush();
  });
}

/** The same, written past the unit of work: natively, by SQL, and by another program. */
export async function plantPastIt({ orm, context, url: database }: AuditedApp): Promise<void> {
  const em = orm.em.fork();
  const id = await context.run(poisonedContext('sql'), async () => {
    const codes = ['owner', 'reference', 'link', 'token', 'link2'].map((place) => canary(`sql${place}`));
    await em.insertMany(
      Holder,
      codes.map((code) => ({ code })),
    );
    const [owner = '', accessToken = '', link, token, link2] = codes;
    const vault = await em.insert(Vault, {
      ...poisonedVault('sqla'),
      owner: em.getReference(Holder, owner as never),
      accessToken: em.getReference(Holder, accessToken as never),
    });
    await em.execute('insert into vault_holders values (?, ?)', [vault, link]);
    await em.execute('insert into vault_tokens values (?, ?)', [vault, token]);
    await em.insert(Visit, { remark: url('sqlvisit'), vault });
    await em.nativeUpdate(Vault, { id: vault }, { ...poisonedVault('sqlb'), accessToken: null });
    await em.execute('update vault_holders set holder_code = ?', [link2]);
    await em.execute('delete from vault_tokens');
    await em.nativeUpdate(Visit, {}, { remark: url('sqlvisit2') });
    await em.nativeDelete(Visit, {});
    return vault;
  });
  const program = new pg.Client(database);
  await program.connect();
  try {
    await program.query('update vault set title = $1, db_pass = $2, data = $3, lines = $4 where id = $5', [
      url('programtitle'),
      canary('programcamel'),
      JSON.stringify(poisonedJson('programdata')),
      [url('programline')],
      id,
    ]);
  } finally {
    await program.end();
  }
}

/** Revisions without changes: denied, failed, and suspended. */
export async function plantActions({ app, context, orm }: AuditedApp): Promise<void> {
  const recorder = app.get(AuditRecorder);
  await recorder.record({ ...poisonedContext('denied'), action: 'vault.open', outcome: 'denied' });
  const cause = new Error(`connect ${url('failedcause')}`);
  await recorder.record({
    action: 'vault.sync',
    outcome: 'failure',
    reason: String(new Error(`failed: ${url('failedmessage')}`, { cause })),
    metadata: { error: { message: cause.message, stack: String(cause.stack) } },
  });
  await context.withoutAuditing({ reason: `moved to ${url('suspended')}` }, async () => {
    const em = orm.em.fork();
    em.create(Vault, { title: 'unseen' });
    await em.flush();
  });
}
