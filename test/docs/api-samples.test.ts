import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  AuditBaseline,
  AuditCheck,
  AuditCoverage,
  AuditDoctor,
  AuditHealth,
  AuditPostgreSqlDriver,
  AuditRecorder,
  LogVerifier,
} from 'nestjs-mikro-audit';
import { AuditExportReader } from 'nestjs-mikro-audit/http';
import * as context from '../../docs/samples/api/context.js';
import * as coverage from '../../docs/samples/api/coverage.js';
import * as evidence from '../../docs/samples/api/evidence.js';
import * as options from '../../docs/samples/api/options.js';
import * as reading from '../../docs/samples/api/reading.js';
import { SealedDatabase, TRUST } from '../integration/evidence/sealed-database.js';
import { sequence } from '../support/sequenced.js';
import { useAuditedApp } from '../support/use-audited-app.js';
import { ensureViewerBuilt } from '../support/viewer-build.js';

const { Customer, Invoice, MeController } = options;
const CLERK = { type: 'user', id: '7', label: 'Ann' } as const;

process.env.TRAIL_VIEWER = await ensureViewerBuilt();
const http = await import('../../docs/samples/api/http.js');

// A check by schedule writes to the trail whenever its turn comes.
const { check: _check, ...settings } = options.options;

const app = useAuditedApp({
  entities: [Invoice, Customer],
  options: settings,
  oracle: { entities: [Invoice, Customer] },
  orm: { driver: AuditPostgreSqlDriver },
  imports: [http.trail],
  controllers: [MeController],
});

/** An app does something with a customer and two invoices. */
async function tellStory(): Promise<void> {
  const em = app.orm.em.fork();
  await app.context.run({ actor: CLERK, reason: 'A new customer.' }, async () => {
    em.create(Customer, { id: 1, name: 'Acme', email: 'a@example.com' });
    const invoice = em.create(Invoice, { id: 1, number: 'R-1', iban: 'DE02120300000000202051' });
    em.create(Invoice, { id: 2, number: 'R-2', iban: 'DE02500105170137075030' });
    await em.flush();
    invoice.number = 'R-7';
    await em.flush();
  });
}

describe('the examples of the API page', () => {
  it('read the trail', async () => {
    await tellStory();
    const context = { actor: CLERK, action: 'invoice.renumber', reason: 'Typo.' };
    const onBehalfOf = { ...CLERK };
    const em = app.orm.em.fork();
    await app.context.run({ ...context, onBehalfOf }, async () => {
      (await em.findOneOrFail(Invoice, 1)).number = 'R-8';
      await em.flush();
    });
    const [change] = await reading.renumbered(app.reader);
    expect(change?.after).toEqual({ number: 'R-8' });
    const [revisionId, changeId] = [change?.revision.id ?? '', change?.id ?? ''];
    expect(await reading.found(app.reader, 'R-8', revisionId, changeId)).toBe(2);
    expect(await reading.aroundCustomer(app.reader, 1, revisionId)).toHaveLength(1);
    const { days } = await reading.weekOf(app.reader, new Date(Date.now() - 86_400_000));
    expect(days.map(({ total }) => total)).toEqual([4]);
    expect((await reading.whoChanged(app.reader, 1)).items).toMatchObject([
      { actor: { id: '7' }, changes: 3 },
    ]);
    expect((await reading.busiest(app.reader)).items).toMatchObject([{ actor: { id: '7' }, changes: 5 }]);
    await sequence(app.app);
    expect((await reading.next(app.reader, null)).items).toHaveLength(3);
    expect(await reading.sizes(app.orm.em.fork())).toEqual([5, 0, 5, expect.any(Number), 0, 0, 0]);
  });

  it('say who acts, and what a reader may see', async () => {
    const em = app.orm.em.fork();
    em.create(Invoice, { id: 1, number: 'R-1', iban: 'DE1' });
    const approver = { ...CLERK, label: 'Bea' };
    await context.approved(app.context, approver, 'request-7', async () => {
      expect(await context.nameOfActor(app.context)).toBe('Bea');
      await em.flush();
    });
    const [change] = (await app.reader.changes({ details: true })).items;
    expect(change?.revision).toMatchObject({ authenticationMethod: 'webauthn', correlationId: 'request-7' });
    expect(context.ticketOf({ ticket: '7' })).toBe('Ticket 7');
    expect(await context.countReadable(app.reader)).toBe(0);
    await sequence(app.app);
    expect(await context.beginning(app.reader)).toMatch(/^\w+/);
    expect(await context.checks(app.app.get(AuditHealth))).toEqual([]);
  });

  it('bring a deleted invoice back, with the values that are masked', async () => {
    await tellStory();
    const em = app.orm.em.fork();
    await app.context.run({ actor: CLERK, reason: 'Never sent.' }, async () => {
      await em.remove(await em.findOneOrFail(Invoice, 2)).flush();
    });
    await app.context.run({ actor: CLERK }, async () => {
      await em.fork().transactional((own) => reading.bringBack(app.restorer, own, 2, 'DE1'));
    });
    expect(await app.orm.em.fork().findOneOrFail(Invoice, 2)).toMatchObject({ number: 'R-2', iban: 'DE1' });
  });

  it('record what was there before the trail, and correct the trail', async () => {
    const { client } = await SealedDatabase.connect(app.url);
    await client.query(`insert into invoice (id, number, iban) values (1, 'R-1', 'DE1'), (2, 'X-1', 'DE2');
      insert into customer (id, name, email) values (1, 'Acme', 'a@example.com')`);
    await client.end();
    app.skipOracle();
    const [baseline, check, log] = [
      app.app.get(AuditBaseline),
      app.app.get(AuditCheck),
      { log: () => undefined, warn: () => undefined },
    ];
    const { signal } = new AbortController();
    const begun = await coverage.beginWithOpenInvoices(baseline, log, signal);
    expect(begun.entities).toMatchObject([{ entityType: 'Invoice', recorded: 1 }]);
    const { position, findings } = await coverage.spotCheck(check, log, signal);
    expect(findings.length).toBeLessThan(3);
    expect(await coverage.remedies(app.app.get(AuditDoctor))).toEqual([
      expect.stringMatching(/mikro-audit baseline --entity Invoice/),
    ]);
    expect(await coverage.undecided(app.app.get(AuditCoverage))).toEqual([]);
    expect((await coverage.correct(check, 'Ticket 7')).corrected).toBe(2);
    expect((await coverage.goOn(check, { since: position })).findings).toEqual([]);
  });

  it('prove the trail, and hand it over', async () => {
    await tellStory();
    const sealed = await SealedDatabase.connect(app.url);
    try {
      await sealed.seal();
      const checkpoint = await sealed.checkpoint();
      const { signal } = new AbortController();
      const told: string[] = [];
      const report = await evidence.verifyAll(sealed.log, TRUST, [checkpoint], signal, (text) =>
        told.push(text),
      );
      expect([report, told]).toMatchObject([{ ok: true }, ['1 of 4']]);
      expect(await evidence.proveAndVerify(sealed.log, 2, checkpoint, TRUST)).toBe(2);
      expect(
        await evidence.verifyParts(
          new LogVerifier(sealed.log, { trust: TRUST, checkpoints: [checkpoint] }),
          checkpoint,
        ),
      ).toEqual([true, true, true, true]);
      expect(await evidence.placesOf(sealed.log, 'Invoice', '1')).toEqual([1, 3]);
      expect(await evidence.exportAndVerify(sealed.log, checkpoint, TRUST)).toMatchObject({
        ok: true,
        rows: 4,
      });
    } finally {
      await sealed.client.end();
    }
  });

  it('are a client of the routes, and read an export back', async () => {
    await tellStory();
    await app.orm.em.fork().transactional(async (em) => {
      await app.context.run({ actor: CLERK }, () => options.recordShipment(app.app.get(AuditRecorder), em));
    });
    await app.app.listen(0, '127.0.0.1');
    const { port } = app.app.getHttpServer().address() as AddressInfo;
    const client = new http.TrailClient(`http://127.0.0.1:${port}/audit`, 'any');
    expect(await client.visible()).toEqual(['Invoice', 'Customer']);
    expect((await client.newest('Invoice'))[0]).toBe('Ann: update');
    expect(await client.sizes()).toEqual([0, 1, 3]);
    expect(await client.authors('Invoice', '1')).toContain('number: Ann');
    expect(await client.state('Invoice', '1', new Date())).toMatchObject({ number: 'R-7' });
    expect(await client.seals('Invoice', '1')).toEqual([undefined, undefined]);
    expect(await client.daysOf(new Date(Date.now() - 86_400_000))).toBe(1);
    await expect(client.coverage()).rejects.toThrow('AUDIT_HTTP_403');
    await expect(client.restore('Invoice', '1', 'x', 'y')).rejects.toThrow('AUDIT_HTTP_403');
    const folder = await mkdtemp(join(tmpdir(), 'api-samples-'));
    const response = await fetch(`http://127.0.0.1:${port}/audit/export?format=ndjson`);
    await writeFile(join(folder, 'trail.ndjson'), await response.text());
    const reader = app.app.get(AuditExportReader, { strict: false });
    expect([...(await http.entitiesIn(reader, join(folder, 'trail.ndjson')))].sort()).toEqual([
      'Customer 1',
      'Invoice 1',
      'Invoice 2',
    ]);
    await rm(folder, { recursive: true });
  });
});
