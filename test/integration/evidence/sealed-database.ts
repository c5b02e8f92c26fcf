import { DatabaseLog, Ed25519Signer, type LogTrust, type RunQuery } from 'nestjs-mikro-audit';
import pg from 'pg';
import { signCheckpoint } from '../../../libs/audit/src/evidence/note/checkpoint-signing.js';
import { TrailSealer } from '../../../libs/audit/src/evidence/seal/trail-sealer.js';

export const TABLES = {
  change: 'audit_change',
  read: 'audit_read',
  position: 'audit_position',
  leaf: 'audit_leaf',
  treeHash: 'audit_tree_hash',
};

const ORIGIN = 'example.com/audit';
const SIGNER = Ed25519Signer.of(
  ORIGIN,
  `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`,
);

export const TRUST: LogTrust = { origin: ORIGIN, keys: [{ key: SIGNER.key.toString() }] };

/** A trail whose rows have positions in the order of their ids and are sealed, over a connection of its own. */
export class SealedDatabase {
  readonly log: DatabaseLog;
  private readonly sealer: TrailSealer;

  private constructor(readonly client: pg.Client) {
    let running = 0;
    const run: RunQuery = async (sql, parameters) => {
      running += 1;
      try {
        // `pg` is about to refuse it.
        if (running > 1) {
          throw new Error(`Two statements at once: ${sql}`);
        }
        return (await client.query(sql, [...parameters])).rows;
      } finally {
        running -= 1;
      }
    };
    this.log = new DatabaseLog(TABLES, run);
    this.sealer = new TrailSealer(TABLES, async (work) => {
      await client.query('begin isolation level repeatable read');
      const result = await work(run);
      await client.query('commit');
      return result;
    });
  }

  static async connect(url: string): Promise<SealedDatabase> {
    const client = new pg.Client({ connectionString: url });
    // The database is dropped before a suite comes to its own hooks.
    client.on('error', () => undefined);
    await client.connect();
    return new SealedDatabase(client);
  }

  /** Gives positions to what has none and seals it. @returns how many rows */
  async seal(): Promise<number> {
    await this.client.query(
      `insert into audit_position (position, change_id)
      select (select coalesce(max(position) + 1, 0) from audit_position) + row_number() over (order by c.id) - 1, c.id
      from audit_change c where not exists (select from audit_position p where p.change_id = c.id)`,
    );
    for (let sealed = 0; ; ) {
      const { rows } = await this.sealer.seal(Number.MAX_SAFE_INTEGER);
      sealed += rows;
      if (rows === 0) {
        return sealed;
      }
    }
  }

  async checkpoint(previous: string | null = null): Promise<string> {
    const size = await this.log.size();
    return signCheckpoint({
      origin: ORIGIN,
      signers: [SIGNER],
      hashes: this.log.hashes,
      size,
      previous: previous === null ? [] : [previous],
    });
  }

  /** Runs SQL of an attacker, looks, and takes it back. */
  async tampered<Result>(sql: string, look: () => Promise<Result>): Promise<Result> {
    await this.client.query('begin');
    try {
      await this.client.query(sql);
      return await look();
    } finally {
      await this.client.query('rollback');
    }
  }
}
