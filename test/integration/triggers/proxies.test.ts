import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Test } from '@nestjs/testing';
import { AuditModule, auditPolicy } from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testOrmOptions } from '../../support/orm.js';
import { RoundTripProxy } from '../../support/round-trip-proxy.js';
import { withTriggers } from '../../support/with-triggers.js';
import { Note, Page } from './notes-and-pages.js';

const policies = [auditPolicy(Note), auditPolicy(Page)];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

/** Starts an app behind a proxy, and closes it. */
async function startBehind(onTheWay: (sent: Buffer) => Buffer): Promise<void> {
  const { hostname, port } = new URL(database.url);
  const proxy = await RoundTripProxy.start({ host: hostname, port: Number(port || 5432) }, onTheWay);
  const through = new URL(database.url);
  through.host = `127.0.0.1:${proxy.port}`;
  try {
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({ url: through.href, entities: [Note, Page], orm: withTriggers({ policies }) }),
        ),
        AuditModule.forRoot({ policies }),
      ],
    }).compile();
    try {
      await module.init();
    } finally {
      await module.close();
    }
  } finally {
    await proxy.stop();
  }
}

it('an app with triggers starts behind a proxy that leaves statements as they are', async () => {
  await startBehind((sent) => sent);
});

it('and not behind one that takes their comments away', async () => {
  const withoutComments = (sent: Buffer) =>
    Buffer.from(
      sent.toString('latin1').replaceAll(/\/\*.*?\*\//g, (comment) => ' '.repeat(comment.length)),
      'latin1',
    );
  await expect(startBehind(withoutComments)).rejects.toThrow(
    /Comments of statements do not reach the database/,
  );
});
