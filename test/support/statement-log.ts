import type { ClientBase, Pool } from 'pg';

/** One message to the server. */
export interface LoggedStatement {
  readonly text: string;
  /** Server process of the connection; null until the server has told it. */
  readonly pid: number | null;
}

/**
 * Every SQL statement that reaches the server through the connections of a MikroORM instance, in the order of sending
 * and however it was sent: by MikroORM, by Kysely, through a cursor; `begin`, `savepoint` and `commit` too.
 * MikroORM's own log cannot say that: it leaves out what goes through Kysely.
 *
 * One log may watch several instances: pass `driverOptions` to each.
 */
export class StatementLog {
  private statements: LoggedStatement[] = [];

  /** For `MikroORM.init({ driverOptions })`. */
  readonly driverOptions = {
    onPoolCreated: (pool: Pool): void => {
      pool.on('connect', (client) => this.watch(client));
    },
  };

  /** The texts since the last call. */
  take(): string[] {
    return this.takeLogged().map(({ text }) => text);
  }

  /** As `take()`, with the connection of each. */
  takeLogged(): LoggedStatement[] {
    const taken = this.statements;
    this.statements = [];
    return taken;
  }

  /** Shadows `query` on this one client; the class stays as it is. */
  private watch(client: ClientBase): void {
    const send = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
    client.query = ((...args: readonly unknown[]) => {
      this.statements.push({ text: textOf(args[0]), pid: processIdOf(client) });
      return send(...args);
    }) as typeof client.query;
  }
}

/** Whether a statement writes a revision. */
export function isAuditWrite(text: string): boolean {
  return /\binsert into .*\baudit_change\b/.test(text);
}

/** The first word of a statement, or `audit` for one that writes a revision. */
export function verbOf(text: string): string {
  return isAuditWrite(text) ? 'audit' : (text.split(/\s/, 1)[0] ?? '');
}

/** `pg` takes a text, a config with a `text`, or an object that submits itself, such as a cursor. */
function textOf(query: unknown): string {
  if (typeof query === 'string') {
    return query;
  }
  const { text } = query as { readonly text?: unknown };
  return typeof text === 'string' ? text : String(query);
}

function processIdOf(client: ClientBase): number | null {
  return (client as ClientBase & { readonly processID?: number | null }).processID ?? null;
}
