import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isSoak } from '../support/soak.js';
import { AuditCliApp, BOOKS } from './audit-cli-app.js';

const TIMEOUT = 600_000;
const KILLS = isSoak ? 20 : 2;

describe('mikro-audit beside triggers and other writers', () => {
  let app: AuditCliApp;

  beforeAll(async () => {
    app = await AuditCliApp.create(true);
    await app.fill(BOOKS);
  }, TIMEOUT);
  afterAll(() => app?.close());

  it(
    'goes on with a baseline and a check that were killed, and nothing is missing or told twice',
    async () => {
      const writer = await app.connect();
      let isOver = false;
      const writing = (async () => {
        for (let turn = 0; !isOver; turn++) {
          const id = 1 + ((turn * 7_919) % BOOKS);
          await writer.query(`update book set title = title || '.', price = ${turn % 100} where id = ${id}`);
          await writer.query(`delete from book_readers where book_id = ${id}`);
          await writer.query(
            `insert into book_readers (book_id, author_id) values (${id}, ${1 + (turn % 50)})`,
          );
        }
      })();
      for (let turn = 0; turn < KILLS; turn++) {
        await app.killWhileRecording(['baseline', '--batch-size', '50', '--rows-per-second', '2000']);
      }
      expect((await app.run(['baseline', '--json'])).code).toBe(0);
      for (let turn = 0; turn < KILLS; turn++) {
        await app.killWhileReading(['check', '--json']);
      }
      const beside = await app.run(['check', '--json']);
      isOver = true;
      await writing;
      await writer.end();
      expect([beside.code, JSON.parse(beside.stdout).findings]).toEqual([0, []]);
      expect((await app.run(['check', '--json'])).code).toBe(0);
      const [counted] = await app.query(
        `select count(*)::int as changes, count(distinct (entity_type, entity_id))::int as entities
         from audit_change where operation = 'baseline'`,
      );
      expect(counted).toEqual({ changes: BOOKS + 50, entities: BOOKS + 50 });
    },
    TIMEOUT,
  );

  it(
    'names what was written while the triggers were off',
    async () => {
      await app.client.query(
        `alter table book disable trigger all; update book set title = 'Forged' where id = 7`,
      );
      const found = await app.run(['check']);
      expect([found.code, found.stdout]).toEqual([
        1,
        expect.stringMatching(/^differs Book 7\.title: .* found "Forged"/),
      ]);
      const doctor = await app.run(['doctor']);
      expect([doctor.code, doctor.stdout]).toEqual([
        1,
        expect.stringMatching(/^error trigger-off audit_update_/m),
      ]);
    },
    TIMEOUT,
  );
});
