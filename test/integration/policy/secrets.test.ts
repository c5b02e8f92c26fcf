import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Controller, Post, Req } from '@nestjs/common';
import { Audited, AuditIgnore, AuditMask, MaskedValue } from 'nestjs-mikro-audit';
import request from 'supertest';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { trailText } from './stored-text.js';

const CANARY = 'S3CR3T-4242';

@Audited()
@Entity()
class Config {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'string', nullable: true })
  dbPass?: string | null;

  @Property({ type: 'string', nullable: true })
  badge?: string | null;

  @Property({ type: 'text', nullable: true })
  notes?: string | null;

  @Property({ type: 'json', nullable: true })
  data?: unknown;

  @AuditMask()
  @Property({ type: 'string', nullable: true })
  email?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  name?: string | null;
}

const DATA = {
  pass_word: CANARY,
  'pass-word': CANARY,
  nested: [{ deep: { connStr: CANARY, map: { sshKey: CANARY } } }],
  settings: [
    { key: 'password', value: CANARY },
    { name: 'apiKey', value: CANARY },
  ],
  headers: [
    ['authorization', CANARY],
    ['host', 'h'],
  ],
  rawHeaders: ['Authorization', CANARY, 'Host', 'h'],
  url: `https://u:${CANARY}@h/`,
  plain: 'seen',
};

describe('secrets that nobody has marked', () => {
  let audited: AuditedApp;
  let id: number;

  @Controller('configs')
  class ConfigsController {
    @Post()
    async create(@Req() asked: { user?: object }): Promise<object> {
      asked.user = { id: 'anna', name: `Anna ${CANARY}`, email: `${CANARY}@x` };
      const em = audited.orm.em.fork();
      const one = em.create(Config, { title: 'by a user' });
      await em.flush();
      return { id: one.id };
    }
  }

  beforeAll(async () => {
    audited = await createAuditedApp({
      entities: [Config],
      options: { secrets: { words: ['badge'], texts: ['url', 'api-key'] } },
      oracle: { entities: [] },
      controllers: [ConfigsController],
    });
    const em = audited.orm.em.fork();
    const one = em.create(Config, {
      title: 'first',
      dbPass: CANARY,
      badge: CANARY,
      notes: `see postgres://app:${CANARY}@db/app`,
      data: DATA,
    });
    await em.flush();
    one.title = 'second';
    one.notes = `see postgres://app:${CANARY}2@db/app`;
    one.data = { ...DATA, plain: 'changed', key: `sk_live_${CANARY.replace('-', '')}0000000` };
    await em.flush();
    id = one.id;
  });
  afterAll(() => audited?.close());

  it('are found nowhere in the trail', async () => {
    expect(await trailText(audited)).not.toContain('S3CR3T');
    expect(await trailText(audited)).toMatch(/seen.*changed/s);
  });

  it('are masked, and known to have changed', async () => {
    const { items } = await audited.reader.history(Config, id);
    const notes = items[0]?.fields.find(({ path }) => path === 'notes');
    expect([notes?.before, notes?.after]).toEqual([expect.any(MaskedValue), expect.any(MaskedValue)]);
  });

  it('stay as they are when the rest is restored', async () => {
    const { items } = await audited.reader.history(Config, id);
    const plan = await audited.restorer.plan(Config, id, {
      to: { revision: items.at(-1)?.revision.id ?? '' },
    });
    expect(JSON.stringify(plan)).not.toContain('S3CR3T');
    await audited.restorer.apply(plan);
    const restored = await audited.orm.em.fork().findOneOrFail(Config, id);
    expect([restored.title, restored.notes]).toEqual(['first', `see postgres://app:${CANARY}2@db/app`]);
  });

  it('are no label of an actor', async () => {
    await audited.app.listen(0, '127.0.0.1');
    await request(await audited.app.getUrl())
      .post('/configs')
      .expect(201);
    const [newest] = (await audited.reader.revisions({ limit: 1 })).items;
    expect(newest?.actor).toEqual({ type: 'user', id: 'anna', label: null });
  });
});
