import { changeOrder, type OrderRow, orderValues } from '../contenders/order-model.js';
import { measure } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';

/** Another ORM with its audit package, in `peers/<name>.mjs`: only `bench/node_modules` has what they import. */
export const PEERS = {
  'typeorm-auditing': { label: 'TypeORM + typeorm-auditing', packages: ['typeorm', 'typeorm-auditing'] },
  'drizzle-better-audit': {
    label: 'Drizzle + @usebetterdev/audit',
    packages: ['drizzle-orm', '@usebetterdev/audit'],
  },
  'sequelize-temporal': {
    label: 'Sequelize + sequelize-temporal',
    packages: ['sequelize', 'sequelize-temporal'],
  },
} as const;

export type PeerName = keyof typeof PEERS;

/** One peer, audited or not, on a database of its own, with one connection. */
export interface Peer {
  readonly pid: number;
  /** Makes rows what the ORM inserts; sends nothing. */
  create(rows: OrderRow[]): OrderRow[];
  insert(orders: OrderRow[]): Promise<unknown>;
  update(orders: OrderRow[]): Promise<unknown>;
  remove(orders: OrderRow[]): Promise<unknown>;
  close(): Promise<unknown>;
}

interface PeerModule {
  open(options: { readonly url: string; readonly audited: boolean }): Promise<Peer>;
}

export async function openPeer(name: PeerName, options: { url: string; audited: boolean }): Promise<Peer> {
  const module = (await import(new URL(`./${name}.mjs`, import.meta.url).href)) as PeerModule;
  return module.open(options);
}

/** As `flushVariant`: inserts, updates (3 of 12 fields) and deletes, each in one transaction. */
export function peerVariant(name: string, peer: Peer, size: number): Variant {
  return {
    name,
    async repeat(repetition) {
      const timed = (work: () => Promise<unknown>) => measure(() => [peer.pid], work);
      const rows = Array.from({ length: size }, (_, index) => ({ ...orderValues(index), customer: 1 }));
      let orders: OrderRow[] = [];
      const insert = await timed(() => {
        orders = peer.create(rows);
        return peer.insert(orders);
      });
      const update = await timed(() => {
        for (const order of orders) {
          changeOrder(order, repetition, 3);
        }
        return peer.update(orders);
      });
      return { insert, update, delete: await timed(() => peer.remove(orders)) };
    },
  };
}
