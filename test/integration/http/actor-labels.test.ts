import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Controller, Post } from '@nestjs/common';
import { Audited, AuditMask } from 'nestjs-mikro-audit';
import request from 'supertest';
import { sequence } from '../../support/sequenced.js';
import { createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { listen } from './live-events.js';

const CANARY = 'S3CR3T-4242';

/** Its email is shown nowhere, so that of who acts is shown nowhere either. */
@Audited({ name: 'person' })
@Entity()
class Person {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @AuditMask()
  @Property({ type: 'string' })
  email!: string;
}

describe('who acts, where emails are masked', () => {
  let firm: LawFirmApp;

  @Controller('people')
  class PeopleController {
    @Post()
    async create(): Promise<void> {
      const em = firm.orm.em.fork();
      em.create(Person, { email: `${CANARY}@example.org` });
      await em.flush();
    }
  }

  const create = async () => {
    await request(await firm.app.getUrl())
      .post('/people')
      .expect(201);
    await sequence(firm.app);
  };

  beforeAll(async () => {
    firm = await createLawFirmApp('express', {
      entities: [Person],
      oracle: { entities: [] },
      controllers: [PeopleController],
      configure: (app) =>
        app.useGlobalGuards({
          canActivate: (context) => {
            context.switchToHttp().getRequest().user = { id: 'anna', email: `${CANARY}@example.org` };
            return true;
          },
        }),
    });
    await create();
  });
  afterAll(() => firm?.close());

  it.each([
    '/revisions?limit=100',
    '/revisions?action=audit.search&limit=100',
    '/revisions/1',
    '/changes?details=true',
    '/entities/person/1/history?details=true',
    '/entities/person/1/blame?details=true',
    '/entities/person/latest?id=1',
    '/counts?by=actor',
    '/activity?from=2000-01-01T00:00:00Z',
    '/coverage',
    '/access',
    '/export?format=ndjson',
    '/export?format=csv',
    '/export/manifest',
  ])('is not named by an email in %s', async (path) => {
    const { text } = path.includes('format=') ? await firm.download(path) : await firm.get(path).expect(200);
    expect(text).not.toContain('S3CR3T');
    expect(/anna/.test(text)).toBe(!/coverage|access|activity|manifest/.test(path));
  });

  it('is not named by an email in live events', async () => {
    const events = await listen(firm, {
      isEnough: (ids) => ids.length > 0,
      whenOpen: create,
    });
    expect(JSON.stringify(events)).not.toContain('S3CR3T');
    expect(events).toMatchObject([{ data: { actor: { type: 'user', id: 'anna', label: null } } }]);
  });

  it('is not named by an email in the trail', async () => {
    const [row]: { text: string }[] = await firm.orm.em
      .getConnection()
      .execute(`select string_agg(c::text, ' ') as text from audit_change c`);
    expect(row?.text).toContain('anna');
    expect(row?.text).not.toContain('S3CR3T');
  });
});
