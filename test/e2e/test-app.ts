import { type EntityManager, MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import request from 'supertest';
import { tokenHash } from '../../src/auth/token-hash.js';
import { User } from '../../src/auth/user.entity.js';
import { createApp } from '../../src/create-app.js';
import { createDemoData, DEMO_USERS } from '../../src/database/demo-data.js';
import type { HistoryView } from '../../src/history/history.view.js';
import { OverdueWorkOrders } from '../../src/work-orders/overdue-work-orders.js';
import { createTestDatabase } from '../support/database.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface TestUser {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** The app of `npm start` with its demo data, listening, on a database of its own. */
export class TestApp {
  private constructor(
    private readonly url: string,
    private readonly app: INestApplication,
    readonly anna: TestUser,
    readonly boris: TestUser,
    /** A technician. */
    readonly tariq: TestUser,
    readonly close: () => Promise<void>,
  ) {}

  static async start(options: { readonly poolSize?: number } = {}): Promise<TestApp> {
    const database = await createTestDatabase();
    const app = await createApp({ databaseUrl: database.url, ...options });
    await createDemoData(app);
    await app.listen(0, '127.0.0.1');
    const [anna, boris, tariq] = await Promise.all(
      DEMO_USERS.map(async ({ email, name, token }): Promise<TestUser> => {
        const { id } = await app.get(MikroORM).em.fork().findOneOrFail(User, { email });
        return { id, name, token };
      }),
    );
    if (!anna || !boris || !tariq) throw new Error('The demo data lost its users.');
    return new TestApp(await app.getUrl(), app, anna, boris, tariq, async () => {
      await app.close();
      await database.drop();
    });
  }

  private get em(): EntityManager {
    return this.app.get(MikroORM).em;
  }

  /** A request with a user's token, or with none; the request id makes it findable in the trail. */
  send(user: TestUser | null, method: Method, path: string, requestId = 'test'): request.Test {
    const test = request(this.url)[method](path).set('x-request-id', requestId).set('user-agent', 'e2e');
    return user === null ? test : test.set('authorization', `Bearer ${user.token}`);
  }

  async history(workOrderId: number, query = ''): Promise<HistoryView> {
    const response = await this.send(this.anna, 'get', `/work-orders/${workOrderId}/history${query}`);
    if (response.status !== 200) throw new Error(`${response.status}: ${response.text}`);
    return response.body as HistoryView;
  }

  async createUsers(count: number): Promise<TestUser[]> {
    const em = this.em.fork();
    const users = Array.from({ length: count }, (_, index) => {
      const token = `token-${index}`;
      const name = `User ${index}`;
      const user = em.create(User, { name, email: `user${index}@test.example`, tokenHash: tokenHash(token) });
      return { id: user.id, name, token };
    });
    await this.app.get(AuditContext).run({ actor: systemActor('test') }, () => em.flush());
    return users;
  }

  /** Runs the nightly job as if it were that time. */
  closeOverdue(now: Date): Promise<number> {
    return this.app.get(OverdueWorkOrders).close(now);
  }

  /** The statements that a migration would still have to run. */
  schemaDifference(): Promise<string> {
    return this.app.get(MikroORM).schema.getUpdateSchemaSQL();
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.em.fork().getConnection().execute(sql, parameters) as Promise<Row[]>;
  }

  /** How many rows the trail has, to see that something left none. */
  async trailSize(): Promise<{ revisions: string; changes: string }> {
    const [sizes] = await this.query<{ revisions: string; changes: string }>(
      'select count(*) filter (where revision_id is null) as revisions, count(entity_type) as changes from audit_change',
    );
    if (!sizes) throw new Error('count(*) gave no row.');
    return sizes;
  }
}

/** A body that `POST /work-orders` accepts. */
export function newWorkOrder(number: string): Record<string, unknown> {
  return {
    number,
    title: 'Replace the extraction fan',
    price: '149.5',
    scheduledAt: '2027-03-01T07:30:00Z',
    address: { street: '12 Quay Street', postalCode: '20457', city: 'Hamburg', country: 'DE' },
    customFields: { gate: 'B' },
    customerId: 1,
  };
}
