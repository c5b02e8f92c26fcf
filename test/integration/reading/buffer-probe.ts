import type { ClientBase, Pool } from 'pg';

interface PlanNode {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/**
 * Runs EXPLAIN (ANALYZE, BUFFERS) before every SELECT that goes through the connections of a MikroORM instance, with its
 * own parameters, and adds up the blocks that it touched.
 */
export class BufferProbe {
  private blocks = 0;
  private statements = 0;
  private active = false;

  /** For `MikroORM.init({ driverOptions })`. */
  readonly driverOptions = {
    onPoolCreated: (pool: Pool): void => {
      pool.on('connect', (client) => this.watch(client));
    },
  };

  /** The buffers that a piece of work reads. */
  async measure(
    work: () => Promise<unknown>,
  ): Promise<{ readonly blocks: number; readonly statements: number }> {
    [this.blocks, this.statements, this.active] = [0, 0, true];
    try {
      await work();
    } finally {
      this.active = false;
    }
    return { blocks: this.blocks, statements: this.statements };
  }

  /** Shadows `query` on this one client; the class stays as it is. */
  private watch(client: ClientBase): void {
    const send = client.query.bind(client) as (...args: readonly unknown[]) => Promise<{ rows: unknown[] }>;
    client.query = (async (text: unknown, values: unknown) => {
      if (this.active && typeof text === 'string' && /^(?:select|with)\b/.test(text)) {
        const { rows } = await send(`explain (analyze, buffers, format json) ${text}`, values);
        const [row] = rows as { 'QUERY PLAN': { Plan: PlanNode }[] }[];
        const plan = row?.['QUERY PLAN'][0]?.Plan;
        this.blocks += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
        this.statements += 1;
        if (process.env.AUDIT_SHOW_PLANS !== undefined) {
          const { rows: lines } = await send(`explain (analyze, buffers, costs off) ${text}`, values);
          console.info((lines as Record<string, string>[]).map((line) => line['QUERY PLAN']).join('\n'));
        }
      }
      return send(text, values);
    }) as typeof client.query;
  }
}
