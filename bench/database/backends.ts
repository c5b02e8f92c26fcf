import type { Options } from '@mikro-orm/postgresql';
import type { ClientBase, Pool } from 'pg';

/** The server processes behind the connections of one MikroORM instance. */
export class Backends {
  private readonly clients = new Set<ClientBase>();

  /** For `MikroORM.init()`: connections that stay, so that their server processes do too. */
  options(connections: number): Options {
    return {
      pool: { min: 0, max: connections, idleTimeoutMillis: 0 },
      driverOptions: { onPoolCreated: (pool: Pool) => this.watch(pool) },
    };
  }

  pids(): number[] {
    return [...this.clients]
      .map((client) => (client as ClientBase & { readonly processID?: number | null }).processID)
      .filter((pid) => typeof pid === 'number');
  }

  private watch(pool: Pool): void {
    pool.on('connect', (client) => this.clients.add(client));
    pool.on('remove', (client) => this.clients.delete(client));
  }
}
