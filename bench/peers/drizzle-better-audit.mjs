import { betterAudit } from '@usebetterdev/audit';
import { auditLogs, drizzleAuditAdapter, withAuditProxy } from '@usebetterdev/audit/drizzle';
import { eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { getTableConfig, integer, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import pg from 'pg';

const time = (name) => timestamp(name, { withTimezone: true }).notNull();
const workOrder = pgTable('work_order', {
  id: uuid('id').primaryKey(),
  number: text('number').notNull(),
  customer: integer('customer').notNull(),
  title: text('title').notNull(),
  status: text('status').notNull(),
  priority: text('priority').notNull(),
  price: numeric('price', { precision: 12, scale: 2 }).notNull(),
  notes: text('notes'),
  data: jsonb('data').notNull(),
  scheduledAt: time('scheduled_at'),
  createdAt: time('created_at'),
  updatedAt: time('updated_at'),
});

/** Columns and indexes as the package's own schema declares them. */
function createTable(table) {
  const { name, columns, indexes } = getTableConfig(table);
  const definitions = columns.map((column) => {
    const type = column.getSQLType();
    const fallback = type === 'uuid' ? 'gen_random_uuid()' : 'now()';
    const constraint = column.primary ? ' primary key' : column.notNull ? ' not null' : '';
    return `"${column.name}" ${type}${column.hasDefault ? ` default ${fallback}` : ''}${constraint}`;
  });
  const extra = indexes.map(
    ({ config }) =>
      `create index on ${name} (${config.columns.map((column) => `"${column.name}"`).join(', ')})`,
  );
  return [`create table ${name} (${definitions.join(', ')})`, ...extra].join(';\n');
}

/**
 * Drizzle, each call a transaction. The audit is bound to the transaction, which its documentation does not show: as
 * documented it writes on another connection, and a rolled back change stays in the log.
 */
export async function open({ url, audited }) {
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
  await pool.query(
    `create table customer (id int primary key); insert into customer values (1);
     ${createTable(workOrder)}; alter table work_order add foreign key (customer) references customer;
     ${audited ? createTable(auditLogs) : ''}`,
  );
  const { rows } = await pool.query('select pg_backend_pid() as pid');
  const db = drizzle(pool);
  const inTransaction = (work) =>
    db.transaction((tx) => {
      if (!audited) {
        return work(tx);
      }
      const audit = betterAudit({ database: drizzleAuditAdapter(tx), auditTables: ['work_order'] });
      return work(
        withAuditProxy(tx, audit.captureLog, {
          maxBeforeStateRows: 100_000,
          onError: (error) => {
            throw error;
          },
        }),
      );
    });
  return {
    pid: rows[0].pid,
    create: (orders) => orders,
    insert: (orders) => inTransaction((tx) => tx.insert(workOrder).values(orders)),
    update: (orders) =>
      inTransaction(async (tx) => {
        for (const { id, status, price, updatedAt } of orders) {
          await tx.update(workOrder).set({ status, price, updatedAt }).where(eq(workOrder.id, id));
        }
      }),
    remove: (orders) =>
      inTransaction((tx) =>
        tx.delete(workOrder).where(
          inArray(
            workOrder.id,
            orders.map(({ id }) => id),
          ),
        ),
      ),
    close: () => pool.end(),
  };
}
