import { DatabaseLog, Ed25519Signer, type LogTables, type LogTrust } from 'nestjs-mikro-audit';
import pg from 'pg';
import { sealRow } from '../../../libs/audit/src/evidence/leaf/leaf.js';
import { type SealedRow, sealedRowSelect } from '../../../libs/audit/src/evidence/leaf/sealed-columns.js';
import { signCheckpoint } from '../../../libs/audit/src/evidence/log/checkpoint-signing.js';
import { TreeReader } from '../../../libs/audit/src/evidence/merkle/tree-reader.js';

/** Of tests only: those of the app may be there, and be filled by it. */
const TABLES = {
  change: 'audit_change',
  read: 'audit_read',
  position: 'sealed_position',
  hash: 'sealed_hash',
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

  private constructor(
    readonly client: pg.Client,
    private readonly tables: LogTables,
  ) {
    this.log = new DatabaseLog(
      tables,
      async (sql, parameters) => (await client.query(sql, [...parameters])).rows,
    );
  }

  /** @param tables in place of those of tests; positions and hashes are created */
  static async connect(url: string, tables: LogTables = TABLES): Promise<SealedDatabase> {
    const client = new pg.Client({ connectionString: url });
    // The database is dropped before a suite comes to its own hooks.
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`
      create table if not exists ${tables.position}
        (position bigint primary key, change_id bigint not null unique, leaf_hash bytea not null, seed bytea, salts jsonb);
      create table if not exists ${tables.hash} (level int, index bigint, hash bytea not null, primary key (level, index))`);
    return new SealedDatabase(client, tables);
  }

  /** Seals what is not sealed yet. @returns how many rows */
  async seal(page = 1_000): Promise<number> {
    let sealed = 0;
    const range = await new TreeReader(this.log.hashes, await this.log.size()).compactRange();
    for (;;) {
      const { rows } =
        await this.client.query<SealedRow>(`select ${sealedRowSelect(this.tables.read)} from ${this.tables.change} c
        where c.id > coalesce((select max(change_id) from ${this.tables.position}), 0) order by c.id limit ${page}`);
      const positions: unknown[] = [];
      const hashes: unknown[] = [];
      for (const row of rows) {
        const { leafHash, seed } = sealRow(row);
        positions.push({ p: range.size, i: row.id, h: leafHash.toString('hex'), s: seed.toString('hex') });
        for (const { level, index, hash } of range.append(leafHash)) {
          hashes.push({ l: level, i: index, h: hash.toString('hex') });
        }
      }
      await this.client.query(
        `insert into ${this.tables.position} (position, change_id, leaf_hash, seed)
          select p, i, decode(h, 'hex'), decode(s, 'hex') from json_to_recordset($1) as r(p bigint, i bigint, h text, s text)`,
        [JSON.stringify(positions)],
      );
      await this.client.query(
        `insert into ${this.tables.hash} select l, i, decode(h, 'hex') from json_to_recordset($1) as r(l int, i bigint, h text)`,
        [JSON.stringify(hashes)],
      );
      sealed += rows.length;
      if (rows.length < page) {
        return sealed;
      }
    }
  }

  async checkpoint(previous: string | null = null): Promise<string> {
    const size = await this.log.size();
    return signCheckpoint({ origin: ORIGIN, signers: [SIGNER], hashes: this.log.hashes, size, previous });
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
