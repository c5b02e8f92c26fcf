import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHANGES } from '../support/trail.js';
import { newWorkOrder, TestApp, type TestUser } from './test-app.js';

interface TrailRow {
  readonly request: string;
  readonly actor: string;
  readonly number: string | null;
  readonly title: string | null;
}

describe('200 parallel requests by 20 users on 5 connections', () => {
  let app: TestApp;
  let users: TestUser[];

  beforeAll(async () => {
    app = await TestApp.start({ poolSize: 5 });
    users = await app.createUsers(20);
  });
  afterAll(() => app?.close());

  it('give every revision the actor and the request that made it', async () => {
    const requests = users.flatMap((user, index) =>
      Array.from({ length: 10 }, (_, turn) => {
        const mark = `U${index}-${turn}`;
        return turn % 2 === 0
          ? app.send(user, 'post', '/work-orders', `create/${mark}/${user.id}`).send(newWorkOrder(mark))
          : app.send(user, 'patch', '/work-orders/1', `change/${mark}/${user.id}`).send({ title: mark });
      }),
    );
    const responses = await Promise.all(requests);
    expect(responses.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);

    const rows = await app.query<TrailRow>(
      `select r.correlation_id as request, r.actor_id as actor, c.after->>'number' as number, c.after->>'title' as title
         from audit_change r join ${CHANGES} c on c.of_revision = r.id
        where r.actor_type = 'user' order by r.id`,
    );
    expect(rows).toHaveLength(200);
    for (const { request, actor, number, title } of rows) {
      const [kind, mark, user] = request.split('/');
      expect([actor, kind === 'create' ? number : title]).toEqual([user, mark]);
    }
  });
});
