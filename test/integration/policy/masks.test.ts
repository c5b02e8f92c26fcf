import { describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask, MaskedValue } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { trailText } from './stored-text.js';

@Audited()
@Entity()
class Account {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @AuditMask()
  @Property({ type: 'string', nullable: true })
  motto?: string | null;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  iban?: string | null;

  @AuditMask('hash')
  @Property({ type: 'string', nullable: true })
  email?: string | null;

  @Property({ type: 'string', nullable: true })
  password?: string | null;

  @Property({ type: 'string', nullable: true, hidden: true })
  internal?: string | null;

  @AuditMask(false)
  @Property({ type: 'string', nullable: true })
  token?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  cache?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  apiKey?: string | null;

  @Property({ type: 'json', nullable: true })
  settings?: unknown;
}

@AuditMask()
@Audited()
@Entity()
class Diary {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  page!: string;

  @AuditMask(false)
  @Property({ type: 'string' })
  title!: string;
}

const audited = useAuditedApp({
  entities: [Account, Diary],
  options: { hashKey: 'a secret of sixteen characters' },
  // The oracle does not know which properties the decorators ignore.
  verify: false,
});

async function create(values: Partial<Account>): Promise<Account> {
  const em = audited.orm.em.fork();
  const account = em.create(Account, { name: 'a', ...values } as Account);
  await em.flush();
  return account;
}

async function update(id: number, values: Partial<Account>): Promise<void> {
  const em = audited.orm.em.fork();
  em.assign(await em.findOneOrFail(Account, id), values as never);
  await em.flush();
}

async function lastChange(id: number) {
  const { items } = await audited.reader.history(Account, id, { limit: 1 });
  return items[0];
}

describe('a masked value', () => {
  it('is hidden according to its kind, and unmasked values are shown', async () => {
    const { id } = await create({
      motto: 'carpe diem',
      iban: 'DE89370400440532013000',
      email: 'anna@example.com',
      password: 'hunter2',
      internal: 'x',
      token: 'public token',
      cache: 'c',
      settings: { theme: 'dark', apiKey: 'k' },
    });
    expect((await lastChange(id))?.after).toEqual({
      id,
      name: 'a',
      motto: new MaskedValue('redact', null),
      iban: new MaskedValue('last4', '3000'),
      email: new MaskedValue('hash', expect.stringMatching(/^[\da-f]{32}$/) as unknown as string),
      password: new MaskedValue('redact', null),
      internal: new MaskedValue('redact', null),
      token: 'public token',
      settings: { theme: 'dark', apiKey: new MaskedValue('redact', null) },
    });
  });

  it('is null where it is null, so that one sees whether there was one', async () => {
    const { id } = await create({});
    await update(id, { password: 'hunter2' });
    expect(await lastChange(id)).toMatchObject({
      before: { password: null },
      after: { password: new MaskedValue('redact', null) },
    });
    await update(id, { password: null });
    expect(await lastChange(id)).toMatchObject({
      before: { password: new MaskedValue('redact', null) },
      after: { password: null },
    });
  });

  it('is said to have changed, although it looks the same before and after', async () => {
    const { id } = await create({ motto: 'a', password: 'b', iban: 'DE89370400440532013000' });
    await update(id, { motto: 'c' });
    const change = await lastChange(id);
    expect(change?.fields.map(({ path }) => path)).toEqual(['motto']);
    await update(id, { iban: 'XX00000000000000003000' });
    expect((await lastChange(id))?.fields.map(({ path }) => path)).toEqual(['iban']);
  });

  it('is also said to have changed when two changes of it meet in one transaction', async () => {
    const { id } = await create({ motto: 'a' });
    await audited.orm.em.fork().transactional(async (em) => {
      const account = await em.findOneOrFail(Account, id);
      account.motto = 'b';
      await em.flush();
      account.motto = 'c';
    });
    expect((await lastChange(id))?.fields.map(({ path }) => path)).toEqual(['motto']);
  });

  it('has the same hash where it is the same, and another where it is not', async () => {
    const [first, second, third] = [
      await create({ email: 'anna@example.com' }),
      await create({ email: 'anna@example.com' }),
      await create({ email: 'boris@example.com' }),
    ];
    const hashOf = async ({ id }: Account) => (await lastChange(id))?.after?.email;
    expect(await hashOf(first)).toEqual(await hashOf(second));
    expect(await hashOf(first)).not.toEqual(await hashOf(third));
  });

  it('records nothing when only ignored properties change', async () => {
    const { id } = await create({ motto: 'a', password: 'b', cache: 'c' });
    await update(id, { cache: 'd', apiKey: 'e' });
    expect((await audited.reader.history(Account, id)).items).toHaveLength(1);
  });

  it('is every property of a class that is masked as a whole, but for keys and exceptions', async () => {
    const em = audited.orm.em.fork();
    const diary = em.create(Diary, { page: 'dear diary', title: 'Monday' });
    await em.flush();
    const { items } = await audited.reader.history(Diary, diary.id);
    expect(items[0]?.after).toEqual({ id: diary.id, title: 'Monday', page: new MaskedValue('redact', null) });
  });
});

describe('a canary', () => {
  it('in a masked or ignored property appears nowhere in the audit tables', async () => {
    const canary = 'CANARY';
    const secrets = (step: string) => ({
      motto: `${canary}-${step}-motto`,
      iban: `${canary}-${step}-iban-0000`,
      email: `${canary}-${step}-email`,
      password: `${canary}-${step}-password`,
      internal: `${canary}-${step}-internal`,
      cache: `${canary}-${step}-cache`,
      apiKey: `${canary}-${step}-key`,
      settings: { deep: [{ password: `${canary}-${step}-json`, list: [{ clientSecret: canary }] }] },
    });
    const { id } = await create(secrets('create'));
    await update(id, { name: 'b', ...secrets('update') });
    await audited.orm.em.fork().transactional(async (em) => {
      const account = await em.findOneOrFail(Account, id);
      em.assign(account, secrets('first') as never);
      await em.flush();
      em.assign(account, secrets('second') as never);
    });
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Account, id));
    await em.flush();
    const text = await trailText(audited);
    expect(text).toContain('0000');
    expect(text).not.toContain(canary);
    expect((await audited.reader.history(Account, id)).items.map(({ operation }) => operation)).toEqual([
      'delete',
      'update',
      'update',
      'create',
    ]);
  });
});
