import { mock } from 'node:test';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuditAction,
  AuditContext,
  type AuditModuleOptions,
  AuditRecorder,
  EnvelopeUsedError,
  MissingActorError,
  MissingReasonError,
} from 'nestjs-mikro-audit';
import {
  auditMatchers,
  InMemoryAuditRecorder,
  provideAuditTesting,
  withActor,
} from 'nestjs-mikro-audit/testing';

expect.extend(auditMatchers);

@Injectable()
class Reports {
  constructor(
    private readonly recorder: AuditRecorder,
    private readonly context: AuditContext,
  ) {}

  async print(): Promise<string> {
    return this.recorder.record({ action: 'report.print', metadata: { password: 'hunter2', pages: 3 } });
  }

  @AuditAction('report.burn', { requireReason: true })
  async burn(): Promise<void> {
    await this.recorder.record({ action: 'report.burn' });
  }

  async import(): Promise<void> {
    await this.context.withoutAuditing({ reason: 'import' }, () => undefined);
  }
}

describe('a unit test without a database', () => {
  afterEach(() => {
    mock.timers.reset();
  });

  async function boot(options?: AuditModuleOptions) {
    const module = await Test.createTestingModule({
      providers: [Reports, ...provideAuditTesting(options)],
    }).compile();
    const [reports, recorder] = [module.get(Reports), module.get(InMemoryAuditRecorder)];
    return { reports, recorder, context: module.get(AuditContext) };
  }

  describe('with the defaults', () => {
    let kit: Awaited<ReturnType<typeof boot>>;

    beforeEach(async () => {
      kit = await boot();
    });

    it('keeps what was recorded, masked as in the trail, with who and when', async () => {
      mock.timers.enable({ apis: ['Date'], now: new Date('2030-01-01T00:00:00Z') });
      expect(await withActor('anna', () => kit.reports.print())).toBe('1');
      expect(kit.recorder.recorded).toHaveBeenAuditedExactly({
        action: 'report.print',
        actor: 'anna',
        outcome: 'success',
        metadata: { password: '[masked]', pages: 3 },
      });
      expect(kit.recorder.recorded.actions).toMatchObject([
        { id: '1', recordedAt: new Date('2030-01-01T00:00:00Z'), onBehalfOf: null, correlationId: null },
      ]);
    });

    it('keeps suspensions', async () => {
      await kit.reports.import();
      expect(kit.recorder.recorded).toHaveBeenAuditedExactly(
        { action: 'audit.suspend', reason: 'import' },
        { action: 'audit.resume', reason: 'import' },
      );
    });

    it('gives what it has kept as it was then, and forgets it', async () => {
      await kit.reports.print();
      const { recorded } = kit.recorder;
      kit.recorder.clear();
      expect(kit.recorder.recorded).not.toHaveBeenAudited();
      expect(recorded).toHaveBeenAudited();
    });

    it('holds the rule of a reason', async () => {
      await expect(kit.reports.burn()).rejects.toThrow(MissingReasonError);
      await kit.context.run({ reason: 'old' }, () => kit.reports.burn());
      expect(kit.recorder.recorded).toHaveBeenAuditedExactly({ action: 'report.burn', reason: 'old' });
    });
  });

  it('holds the rule of an actor', async () => {
    const { reports, recorder } = await boot({ requireActor: true });
    await expect(reports.print()).rejects.toThrow(MissingActorError);
    expect(recorder.recorded).not.toHaveBeenAudited();
  });

  it('opens an envelope once, and again after a failure', async () => {
    const { context, recorder } = await boot({ envelope: { keys: ['k'.repeat(32)], once: true } });
    const envelope = await context.run({ correlationId: 'order-1' }, () => context.toEnvelope());
    const open = (work: () => string) => context.runWithEnvelopeOnce(envelope, work);
    const fail = () => {
      throw new Error('no');
    };
    await expect(open(fail)).rejects.toThrow('no');
    expect(await open(() => 'done')).toBe('done');
    await expect(open(() => 'again')).rejects.toThrow(EnvelopeUsedError);
    await expect(open(() => 'once more')).rejects.toThrow(EnvelopeUsedError);
    expect(recorder.recorded.actions.map(({ outcome }) => outcome)).toEqual([
      'success',
      'failure',
      'success',
      'denied',
      'denied',
    ]);
  });
});
