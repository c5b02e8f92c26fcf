import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Controller, type INestApplication, Post } from '@nestjs/common';
import { Audited, AuditIgnore, AuditMask, type AuditModuleOptions } from 'nestjs-mikro-audit';
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

@Embeddable()
class MaskedContact {
  @AuditMask()
  @Property({ type: 'string', nullable: true })
  email?: string;

  @Property({ type: 'string', nullable: true })
  name?: string;
}

@Embeddable()
class IgnoredContact {
  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  email?: string;

  @Property({ type: 'string', nullable: true })
  name?: string;
}

@Embeddable()
class Contact {
  @Property({ type: 'string', nullable: true })
  email?: string;
}

/** The same member, which columns, JSON and lists hold. */
abstract class Keyed {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited()
@Entity()
class InColumns extends Keyed {
  @Embedded(() => MaskedContact, { nullable: true })
  contact?: MaskedContact;
}

@Audited()
@Entity()
class InJson extends Keyed {
  @Embedded(() => MaskedContact, { object: true, nullable: true })
  contact?: MaskedContact;
}

@Audited()
@Entity()
class InList extends Keyed {
  @Embedded(() => MaskedContact, { array: true })
  contacts: MaskedContact[] = [];
}

@Audited()
@Entity()
class IgnoredInColumns extends Keyed {
  @Embedded(() => IgnoredContact, { nullable: true })
  contact?: IgnoredContact;
}

@Audited()
@Entity()
class IgnoredInJson extends Keyed {
  @Embedded(() => IgnoredContact, { object: true, nullable: true })
  contact?: IgnoredContact;
}

@Audited()
@Entity()
class MaskedAround extends Keyed {
  @AuditMask()
  @Embedded(() => Contact, { object: true, nullable: true })
  contact?: Contact;
}

@Audited()
@Entity()
class IgnoredAround extends Keyed {
  @AuditIgnore()
  @Embedded(() => Contact, { object: true, nullable: true })
  contact?: Contact;
}

@Audited()
@Entity()
class OtherSpelling extends Keyed {
  @AuditMask()
  @Property({ type: 'string', nullable: true })
  privateEmailAddress?: string;
}

@Audited()
@Entity()
class Open extends Keyed {
  @Embedded(() => Contact, { nullable: true })
  contact?: Contact;
}

/** As the guards of an app leave it. */
const signedIn = (user: object) => (app: INestApplication) =>
  app.useGlobalGuards({
    canActivate: (context) => {
      context.switchToHttp().getRequest().user = user;
      return true;
    },
  });

const USER = { id: 'anna', email: 'anna@example.org' };

describe('the label of who acts', () => {
  it.each<[string, new () => Keyed, string | null, AuditModuleOptions?]>([
    ['is no email that columns of an embeddable mask', InColumns, null],
    ['is no email that JSON masks', InJson, null],
    ['is no email that a list in JSON masks', InList, null],
    ['is no email that columns of an embeddable ignore', IgnoredInColumns, null],
    ['is no email that JSON ignores', IgnoredInJson, null],
    ['is no email inside something that is masked', MaskedAround, null],
    ['is no email inside something that is ignored', IgnoredAround, null],
    ['is no email that is masked in another spelling', OtherSpelling, null],
    ['is no email where emails are secrets', Open, null, { secrets: { words: ['email'] } }],
    ['is the email where nothing hides it', Open, USER.email],
  ])('%s', async (_, entity, label, options = {}) => {
    const firm = await createLawFirmApp('express', {
      entities: [entity],
      oracle: { entities: [] },
      options,
      configure: signedIn(USER),
    });
    try {
      await firm.get('/changes').expect(200);
      const { body } = await firm.get('/revisions?action=audit.search');
      expect(body.items).toMatchObject([{ actor: { type: 'user', id: 'anna', label } }]);
    } finally {
      await firm.close();
    }
  });

  it('is the name where only members of an embeddable with another name are hidden', async () => {
    const firm = await createLawFirmApp('express', {
      entities: [InJson, IgnoredInJson, InColumns],
      oracle: { entities: [] },
      configure: signedIn({ ...USER, name: 'Anna' }),
    });
    try {
      await firm.get('/changes').expect(200);
      const { body } = await firm.get('/revisions?action=audit.search');
      expect(body.items).toMatchObject([{ actor: { id: 'anna', label: 'Anna' } }]);
    } finally {
      await firm.close();
    }
  });
});

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
      configure: signedIn({ id: 'anna', email: `${CANARY}@example.org` }),
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
