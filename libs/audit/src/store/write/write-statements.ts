import { createHash } from 'node:crypto';
import type { PreparedStatement } from '../sql/sql-statement.js';

/** Growth of the table after which the statements are planned anew. */
const REPLAN_FACTOR = 4;

/**
 * The names under which statements are prepared. PostgreSQL keeps the plan of a prepared statement for the life of the
 * connection; one that was made while the table was empty would read it from end to end for ever (until somebody runs
 * `analyze`). So the names, and with them the plans, change each time this process has written four times as many
 * changes.
 */
export class WriteStatements {
  private readonly hashes = new Map<string, string>();
  private written = 1;

  /** @param changes how many changes are going to be written */
  prepare(text: string, changes: number): PreparedStatement {
    const generation = Math.floor(Math.log(this.written) / Math.log(REPLAN_FACTOR));
    this.written += changes;
    return { name: `audit_write_${this.hashOf(text)}_${generation}`, text };
  }

  private hashOf(text: string): string {
    const hash = this.hashes.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 12);
    this.hashes.set(text, hash);
    return hash;
  }
}
