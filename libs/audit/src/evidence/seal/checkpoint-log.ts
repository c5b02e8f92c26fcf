import { AuditError } from '../../errors/audit-error.js';
import { describeCause } from '../../errors/describe-cause.js';
import {
  EvidencePublishError,
  EvidenceRefusedError,
  EvidenceSignatureError,
} from '../../errors/evidence-errors.js';
import { DatabaseLog, type RunQuery } from '../database/database-log.js';
import type { LogTables } from '../database/log-tables.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { signCheckpoint } from '../note/checkpoint-signing.js';
import type { NoteSigner } from '../note/note-key.js';
import { SignedNote } from '../note/signed-note.js';
import type { CheckpointPublisher } from './checkpoint-publisher.js';
import type { EvidenceOptions } from './evidence-options.js';
import { inTime } from './in-time.js';

/** The tables of a log, and that of its checkpoints. */
export interface CheckpointTables extends LogTables {
  /** `audit_checkpoint`. */
  readonly checkpoint: string;
}

/** Signs the log of one trail and publishes what it signs. */
export class CheckpointLog {
  constructor(
    private readonly options: EvidenceOptions,
    private readonly tables: CheckpointTables,
    private readonly run: RunQuery,
  ) {}

  /**
   * Signs the first `size` positions, if that extends everything that was published.
   * @throws EvidenceRefusedError when it does not, or when all that was published is gone
   * @throws EvidencePublishError when a place cannot be read or written; then those before it have the checkpoint already
   */
  async publish(size: number): Promise<void> {
    const { origin, publishers } = this.options;
    const previous = await Promise.all(publishers.map((publisher) => this.latestOf(publisher)));
    const published = previous.filter((note) => note !== null);
    if (published.length === 0) {
      await this.assertFirst(size);
    }
    const [signer, ...more] = this.options.signers(origin);
    const note = await signCheckpoint({
      origin,
      signers: [patient(signer), ...more.map(patient)],
      hashes: new DatabaseLog(this.tables, this.run).hashes,
      size,
      previous: published,
    });
    for (const publisher of publishers) {
      await at(publisher, () => publisher.publish(origin, size, note));
    }
    // Behind the publication: what the database says was published has to be there.
    await this.run(`insert into ${this.tables.checkpoint} (size, note) values ($1::bigint, $2::text)`, [
      size,
      note,
    ]);
  }

  private async latestOf(publisher: CheckpointPublisher): Promise<string | null> {
    const note: unknown = await at(publisher, () => publisher.latest(this.options.origin));
    if (note !== null && typeof note !== 'string') {
      throw new EvidencePublishError(publisher.place, 'it answers with neither a text nor null');
    }
    if (note !== null) {
      assertCheckpoint(note, this.options.origin, publisher.place);
    }
    return note;
  }

  /** A folder that was not mounted looks like a log that has never signed. A backup has the checkpoints of the log that it was. */
  private async assertFirst(size: number): Promise<void> {
    const [before] = await this.run<{ readonly size: string }>(
      `select max(c.size)::text as size from ${this.tables.checkpoint} c
where starts_with(c.note, $1::text || chr(10)) having count(*) > 0`,
      [this.options.origin],
    );
    if (before) {
      const places = this.options.publishers.map(({ place }) => place).join(', ');
      throw new EvidenceRefusedError(
        `it has published checkpoints before, and none of them is in ${places}; mount what was there, or copy the last one back`,
        { signed: Number(before.size), given: size },
      );
    }
  }
}

/** Its place has to be named: an empty file, such as a full disk leaves, keeps the log from signing until it is taken away. */
function assertCheckpoint(note: string, origin: string, place: string): void {
  let found: string;
  try {
    found = parseCheckpoint(SignedNote.parse(note).text).origin;
  } catch (cause) {
    throw new EvidencePublishError(
      place,
      `its newest checkpoint cannot be read (${describeCause(cause)}); take it away, or put back what was published`,
      cause,
    );
  }
  if (found !== origin) {
    throw new EvidencePublishError(
      place,
      `asked for the newest checkpoint of ${origin}, it answers with one of ${found}; give each log a place of its own there`,
    );
  }
}

/** A signer that is asked for one signature, and no longer waited for than one may take. Signers are of others: whatever they throw names the key. */
function patient(signer: NoteSigner): NoteSigner {
  const { key } = signer;
  const without = (problem: string, cause?: unknown): Error =>
    new EvidenceSignatureError(`that of ${key.name} (${key.id}) ${problem}`, {
      cause,
      remedy: 'Repair the signer, or the way to it; the log signs again by itself.',
    });
  return {
    key,
    async sign(text) {
      let signature: Uint8Array;
      try {
        signature = await inTime(
          () => signer.sign(text),
          (seconds) => without(`has not come for ${seconds} seconds`),
        );
      } catch (cause) {
        throw cause instanceof AuditError ? cause : without(`cannot be had (${describeCause(cause)})`, cause);
      }
      if (!ArrayBuffer.isView(signature)) {
        throw without('is none: its signer has not answered with bytes');
      }
      return signature;
    },
  };
}

/** Publishers are of others: whatever they throw names the place. */
async function at<Result>(publisher: CheckpointPublisher, work: () => Promise<Result>): Promise<Result> {
  try {
    return await inTime(
      work,
      (seconds) => new EvidencePublishError(publisher.place, `it has not answered for ${seconds} seconds`),
    );
  } catch (cause) {
    throw cause instanceof AuditError
      ? cause
      : new EvidencePublishError(publisher.place, describeCause(cause), cause);
  }
}
