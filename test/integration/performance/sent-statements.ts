import type { ClientBase, Pool } from 'pg';

/** A statement with its bound parameters, as `pg` got it. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements that the connections of a MikroORM instance have sent, with parameters; `StatementLog` has the texts only. */
export class SentStatements {
  private statements: SentStatement[] = [];

  /** For `MikroORM.init({ driverOptions })`. */
  readonly driverOptions = {
    onPoolCreated: (pool: Pool): void => {
      pool.on('connect', (client) => this.watch(client));
    },
  };

  /** The statements since the last call. */
  take(): readonly SentStatement[] {
    const taken = this.statements;
    this.statements = [];
    return taken;
  }

  private watch(client: ClientBase): void {
    const send = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
    client.query = ((...args: readonly unknown[]) => {
      this.statements.push(statementOf(args));
      return send(...args);
    }) as typeof client.query;
  }
}

/** Of the audit tables; everything else is business. */
export function isAuditStatement({ text }: SentStatement): boolean {
  return /\baudit_change\b/.test(text);
}

/** Size of text and parameters in bytes. */
export function bytesOf({ text, values }: SentStatement): number {
  return [text, ...values].reduce<number>((sum, value) => sum + Buffer.byteLength(toText(value)), 0);
}

/** Everything that is sent, in one text. */
export function sentText({ text, values }: SentStatement): string {
  return [text, ...values.map(toText)].join('\n');
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
}

/** `pg` takes a text or a config, and the parameters in either of them or behind. */
function statementOf([query, behind]: readonly unknown[]): SentStatement {
  const { text = query, values } = (typeof query === 'object' && query !== null ? query : {}) as {
    readonly text?: unknown;
    readonly values?: unknown;
  };
  const parameters = Array.isArray(behind) ? behind : values;
  return { text: String(text), values: Array.isArray(parameters) ? parameters : [] };
}
