import type { Socket } from 'node:net';
import type { ClientBase, Pool, PoolClient } from 'pg';

type Query = (...args: readonly unknown[]) => unknown;

/** A client as `pg` makes it, with its socket. */
export type Connected = ClientBase & { readonly connection: { readonly stream: Socket } };

/** A way for one statement to fail for real. */
export interface Fault {
  readonly title: string;
  /** Of the error, where the server is there to give one. */
  readonly sqlState: string | null;
  /** Whether the connection is lost with it. */
  readonly isLost: boolean;
  /** Called instead of sending the statement. */
  readonly strike: (client: ClientBase, send: Query, statement: readonly unknown[]) => unknown;
}

/** The server answers with an error of that kind, which is what a client sees of its cause. */
function raised(title: string, sqlState: string): Fault {
  const text = `do $$ begin raise exception '${title}' using errcode = '${sqlState}'; end $$`;
  return { title, sqlState, isLost: false, strike: (_client, send) => send(text) };
}

export const RESET: Fault = {
  title: 'a connection that is reset',
  sqlState: null,
  isLost: true,
  strike(client, send, statement) {
    (client as Connected).connection.stream.resetAndDestroy();
    return send(...statement);
  },
};

export const FAULTS: readonly Fault[] = [
  raised('a unique violation', '23505'),
  raised('a lock timeout', '55P03'),
  raised('a statement timeout', '57014'),
  raised('a serialization failure', '40001'),
  raised('a deadlock', '40P01'),
  {
    title: 'a terminated backend',
    sqlState: '57P01',
    isLost: true,
    strike: (_client, send) => send('select pg_terminate_backend(pg_backend_pid())'),
  },
  RESET,
];

/** Names a statement of some work by its text, and by how many the work has sent of it before. */
export type StatementName = string;

/** Stands between a MikroORM instance and the server, and lets one statement of some work fail. */
export class FaultLine {
  private sent: StatementName[] = [];
  private readonly counts = new Map<string, number>();
  /** Clients that the pool has given away. */
  private readonly held = new Set<PoolClient>();
  private armed: { readonly at: StatementName; readonly fault: Fault } | null = null;

  /** For `MikroORM.init({ driverOptions })`. */
  readonly driverOptions = {
    onPoolCreated: (pool: Pool): void => {
      pool.on('connect', (client) => this.watch(client));
      pool.on('acquire', (client) => void this.held.add(client));
      pool.on('release', (_error, client) => void this.held.delete(client));
    },
  };

  /** From here on statements are counted anew. */
  arm(at: StatementName, fault: Fault): void {
    this.take();
    this.armed = { at, fault };
  }

  /** @returns the statements since the last call; the fault does not strike any more */
  take(): readonly StatementName[] {
    const { sent } = this;
    this.sent = [];
    this.counts.clear();
    this.armed = null;
    return sent;
  }

  get hasStruck(): boolean {
    return this.armed !== null && this.sent.includes(this.armed.at);
  }

  /**
   * Gives back the clients that nobody will: MikroORM keeps the connection of a transaction that it could not begin or
   * roll back.
   * @returns whether there were any
   */
  release(): boolean {
    const isHeld = this.held.size > 0;
    for (const client of [...this.held]) {
      client.release(true);
    }
    return isHeld;
  }

  /** Shadows `query` on this one client; the class stays as it is. */
  private watch(client: ClientBase): void {
    const send: Query = client.query.bind(client) as Query;
    client.query = ((...statement: readonly unknown[]) => {
      const name = this.nameOf(statement);
      this.sent.push(name);
      return this.armed?.at === name ? this.armed.fault.strike(client, send, statement) : send(...statement);
    }) as typeof client.query;
  }

  private nameOf([query]: readonly unknown[]): StatementName {
    const text = typeof query === 'string' ? query : String((query as { readonly text?: unknown }).text);
    const count = (this.counts.get(text) ?? 0) + 1;
    this.counts.set(text, count);
    return `${text} (${count})`;
  }
}
