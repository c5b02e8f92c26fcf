import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';
import { HeaderPolicy } from '../http/law-firm-app.js';
import { canariesIn, plantedCanaries } from './canary.js';
import { askByHttp, VaultsController } from './http-sinks.js';
import { LogLines } from './log-lines.js';
import { plantActions, plantByUnitOfWork, plantPastIt } from './plant.js';
import { rowsOf, SINKS, type Told } from './sinks.js';
import { vaultEntities, vaultOracle } from './vault.js';

const secrets = { texts: ['url', 'jwt', 'private-key', 'api-key', 'card-number'] } as const;
const options = {
  secrets,
  hashKey: 'a key that nobody knows',
  reasonFrom: { header: 'x-reason' },
  sequencer: true,
};

const WRITERS = [
  ['the unit of work', {}, plantByUnitOfWork],
  ['triggers', withTriggers({ secrets }), plantPastIt],
] as const;

describe.each(WRITERS)('secrets that were written by %s', (_writer, orm, plant) => {
  let audited: AuditedApp;
  let told: Told;
  const log = new LogLines();

  beforeAll(async () => {
    audited = await createAuditedApp({
      entities: vaultEntities,
      oracle: vaultOracle,
      options,
      orm: { ...orm, debug: true, logger: (line) => log.add(line) },
      adapter: new ExpressAdapter(),
      controllers: [VaultsController],
      imports: [AuditHttpModule.forRoot({ access: new HeaderPolicy() })],
    });
    log.listen(audited.app);
    await audited.app.listen(0, '127.0.0.1');
    await plant(audited);
    await plantActions(audited);
    told = await askByHttp(audited);
  }, 120_000);
  afterAll(async () => {
    log.end();
    await audited?.close();
  });

  it('are in the tables of the app, and were many', async () => {
    expect(plantedCanaries()).toBeGreaterThan(150);
    expect(canariesIn(await rowsOf(audited, ['vault', 'visit', 'holder'])).length).toBeGreaterThan(80);
    // MikroORM prints what it sends for the app, with parameters: the level is one that would show them.
    expect(canariesIn(log.printed).length).toBeGreaterThan(80);
  });

  it.each(SINKS)('are not found in %s', async (_sink, read) => {
    const text = await read(audited, told, log);
    expect(/vault/i.test(text)).toBe(true);
    expect(canariesIn(text)).toEqual([]);
  });
});
