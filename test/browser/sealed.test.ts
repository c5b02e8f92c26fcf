import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { verifyRecord } from 'nestjs-mikro-audit';
import { evidence, MemoryPublisher, newKey, trustIn } from '../integration/evidence/sealing-app.js';
import { seal } from '../support/sequenced.js';
import { openBench } from './bench.js';
import { ADA, change } from './workshop-story.js';

const KEY = newKey();
const COVERED =
  /^Sealed, position [\d,]+, covered by the checkpoint of [\d,]+ from .+\)\s+Download the proof\s+of change \d+$/;

describe('the viewer of a sealed trail', () => {
  const bench = openBench({
    options: { sequencer: false, evidence: evidence([KEY], new MemoryPublisher()) },
  });
  beforeAll(() => seal(bench.app.app));

  it('shows of each change how it is sealed, and hands out its proof', async () => {
    await bench.visit('revisions/8', async (page) => {
      await page.locator('.seal').first().waitFor();
      expect(await page.locator('.seal').first().innerText()).toMatch(COVERED);
      expect(await page.locator('.seal').count()).toBe(await page.locator('.change-card').count());
      const waiting = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download the proof of change 8' }).click();
      const download = await waiting;
      expect(download.suggestedFilename()).toBe('change-8.tlog-proof');
      const proof = await readFile(await download.path(), 'utf8');
      expect(JSON.parse(verifyRecord(proof, null, trustIn(KEY)).leaf).row).toMatchObject({ id: '8' });
    });
  });

  it('says so of what is not sealed yet, and of an action without changes', async () => {
    await change(bench.app, { actor: ADA }, (job) => {
      job.price = '190.00';
    });
    const [newest] = (await bench.app.reader.revisions({ limit: 1 })).items;
    await bench.visit(`revisions/${newest?.id}`, async (page) => {
      await page.getByText('Not sealed yet').waitFor();
      expect(await page.getByRole('link', { name: /Download the proof/ }).count()).toBe(0);
    });
    await seal(bench.app.app);
    const [action] = (await bench.app.reader.revisions({ action: 'audit.revision' })).items;
    await bench.visit(`revisions/${action?.id}`, async (page) => {
      await page.locator('.seal').waitFor();
      expect(await page.locator('.seal').innerText()).toMatch(COVERED);
    });
    await bench.app.orm.em.fork().execute('delete from audit_checkpoint');
    await bench.visit('revisions/8', async (page) => {
      await page.getByText('not yet covered by a checkpoint').first().waitFor();
      expect(await page.getByRole('link', { name: /Download the proof/ }).count()).toBe(0);
    });
  });
});

describe('the viewer of a trail that is not sealed', () => {
  const bench = openBench();

  it('says nothing of seals', async () => {
    await bench.visit('revisions/8', async (page) => {
      await page.locator('.change-card').first().waitFor();
      expect(await page.getByRole('main').innerText()).not.toMatch(/seal|checkpoint|proof/i);
    });
  });
});
