import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../context/audit-context.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { SecretScan } from '../serialize/json/secret-scan.js';
import { AuditMetrics } from '../write/audit-metrics.js';
import { AuditJournals, AuditRecorder, type RecordedAction } from '../write/audit-recorder.js';
import { EntryJournal } from '../write/journal.js';
import { RevisionContexts } from '../write/revision-context.js';
import { InMemoryTrail } from './in-memory-trail.js';
import type { Recording, TypedRecording } from './recording.js';

/**
 * An AuditRecorder without a database: it keeps what is recorded, by the same rules as the real one, with times by the clock of this
 * process. It does not look at the EntityManager that it is given, and a rollback takes nothing back.
 */
@Injectable()
export class InMemoryAuditRecorder extends AuditRecorder {
  private readonly trail = new InMemoryTrail();
  private readonly journal: EntryJournal;
  private readonly running: AuditContext;

  constructor(
    @Inject(AuditContext) context: AuditContext,
    @Inject(RESOLVED_OPTIONS) { requireActor, secrets }: ResolvedAuditOptions,
    @Inject(AuditMetrics) metrics: AuditMetrics,
  ) {
    super(context, NO_JOURNALS);
    this.running = context;
    const contexts = new RevisionContexts(new SecretScan(secrets));
    this.journal = new EntryJournal(this.trail, context, requireActor, metrics, contexts);
    context.useJournal(this.journal);
  }

  /** The records since the start, or since `clear()`, for `expect()`. */
  get recorded(): Recording<undefined> {
    const recording: TypedRecording<undefined> = {
      result: undefined,
      changes: [],
      actions: this.trail.revisions,
      isOf: () => false,
    };
    return recording;
  }

  /** Forgets what was recorded. */
  clear(): void {
    this.trail.clear();
  }

  /**
   * Keeps a revision without changes. The running context fills what is not given.
   * @returns id of the revision, a decimal string
   * @throws MissingActorError, MissingReasonError as the real one does
   */
  override record({ outcome = 'success', ...values }: RecordedAction): Promise<string> {
    return this.running.run(values, () => this.journal.write({ outcome }));
  }
}

const NO_JOURNALS: AuditJournals = { journals: () => new Map() };
