import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Inject, Module, Post } from '@nestjs/common';
import fc from 'fast-check';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Controller('tags')
class TagsController {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  @Post()
  async create(): Promise<{ id: number }> {
    const em = this.em.fork();
    const tag = em.create(Tag, { name: randomUUID() });
    await em.flush();
    return { id: tag.id };
  }
}

@Module({ controllers: [TagsController] })
class TagsModule {}

const HEADERS = ['x-request-id', 'traceparent', 'user-agent', 'x-forwarded-for', 'x-reason', 'forwarded'];

const audited = useAuditedApp({
  entities: orderEntities,
  oracle: ordersOracle,
  imports: [TagsModule],
  options: { reasonFrom: { header: 'x-reason' } },
  clear: false,
});
let port: number;

beforeAll(async () => {
  await audited.app.listen(0, '127.0.0.1');
  port = Number(new URL(await audited.app.getUrl()).port);
});

/** Sends bytes as they are, which an HTTP client would refuse to. */
function send(headers: readonly (readonly [string, string])[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
      // The end of the body of a 201, after which some of these headers make Node wait for another request.
      if (answer.endsWith('}')) {
        socket.destroy();
      }
    });
    // Node closes a connection whose head is too large while we still send.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    const head = ['POST /tags HTTP/1.1', 'host: x', 'connection: close', 'content-length: 0', ...lines];
    socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  });
}

/**
 * Null without an answer: Node closes a connection whose head is too large while we still send, and the system may then
 * drop what it has answered.
 */
const statusOf = (answer: string) => (answer === '' ? null : Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]));

describe('hostile headers', () => {
  it(
    'are refused by Node, or make a revision whose texts are bounded and without control characters',
    async () => {
      const value = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(
          "'; drop table audit_change; --",
          '\u001b[31mred\u0007',
          'a\tb',
          '127.0.0.1, 6.6.6.6',
          '%00%0d%0a',
          '{{7*7}}',
          `00-${'f'.repeat(32)}-${'f'.repeat(16)}-01\u0085`,
          'x'.repeat(7_000),
        ),
      );
      const headers = fc.array(fc.tuple(fc.constantFrom(...HEADERS), value), { minLength: 1, maxLength: 6 });
      // Whatever the seed, some are hostile and get through.
      const examples = HEADERS.map((name): [[string, string][]] => [[[name, '{{7*7}}']]]);
      let written = 0;
      await fc.assert(
        fc.asyncProperty(headers, async (list) => {
          const answer = await send(list);
          expect([201, 400, 431, null]).toContain(statusOf(answer));
          written += statusOf(answer) === 201 ? 1 : 0;
        }),
        { ...randomRuns(60), examples },
      );
      const rows: Record<string, unknown>[] = await audited.orm.em
        .fork()
        .getConnection()
        .execute('select correlation_id, trace_id, span_id, origin, action, metadata from audit_change');
      expect([rows.length, written >= examples.length]).toEqual([written, true]);
      for (const { correlation_id, trace_id, span_id, origin, action, metadata } of rows) {
        expect(correlation_id).toMatch(/^[\w.:/+=@-]{1,128}$/);
        expect([trace_id ?? '0'.repeat(32), span_id ?? '0'.repeat(16)]).toEqual([
          expect.stringMatching(/^[\da-f]{32}$/),
          expect.stringMatching(/^[\da-f]{16}$/),
        ]);
        const { ip, userAgent } = origin as { ip: string; userAgent: string | null };
        expect([ip, action, metadata]).toEqual(['127.0.0.1', null, null]);
        expect((userAgent ?? '').length).toBeLessThanOrEqual(512);
        expect(userAgent ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    },
    RANDOM_TIMEOUT,
  );

  it('never come into the text of a statement', async () => {
    audited.statements.take();
    const canary = 'canary-7c1';
    await send(HEADERS.map((name) => [name, canary]));
    const statements = audited.statements.take();
    expect(statements.length).toBeGreaterThan(2);
    expect(statements.join('\n')).not.toContain(canary);
  });

  it('of 64 KB are refused by Node before they reach anybody', async () => {
    audited.statements.take();
    await send([['x-request-id', 'x'.repeat(65_536)]]);
    expect(audited.statements.take()).toEqual([]);
  });
});
