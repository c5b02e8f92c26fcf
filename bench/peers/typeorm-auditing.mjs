import 'reflect-metadata';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { AuditingEntity, AuditingSubscriber } from 'typeorm-auditing';

class WorkOrder {}
Entity('work_order')(WorkOrder);
PrimaryColumn('uuid')(WorkOrder.prototype, 'id');
const columns = {
  number: 'text',
  customer: 'int',
  title: 'text',
  status: 'text',
  priority: 'text',
  price: { type: 'numeric', precision: 12, scale: 2 },
  notes: 'text',
  data: 'jsonb',
  scheduledAt: 'timestamptz',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
};
for (const [name, type] of Object.entries(columns)) {
  Column(type)(WorkOrder.prototype, name);
}

class AuditingWorkOrder extends WorkOrder {}
AuditingEntity(WorkOrder)(AuditingWorkOrder);

/** TypeORM with `save()` and `remove()` of arrays; typeorm-auditing stores a copy of the row with each change. */
export async function open({ url, audited }) {
  const source = await new DataSource({
    type: 'postgres',
    url,
    synchronize: true,
    poolSize: 1,
    extra: { idleTimeoutMillis: 0 },
    entities: audited ? [WorkOrder, AuditingWorkOrder] : [WorkOrder],
    subscribers: audited ? [AuditingSubscriber] : [],
  }).initialize();
  await source.query(
    `create table customer (id int primary key); insert into customer values (1);
     alter table work_order add foreign key (customer) references customer`,
  );
  const [{ pid }] = await source.query('select pg_backend_pid() as pid');
  const { manager } = source;
  return {
    pid,
    create: (rows) => manager.create(WorkOrder, rows),
    insert: (orders) => manager.save(orders),
    update: (orders) => manager.save(orders),
    remove: (orders) => manager.remove(orders),
    close: () => source.destroy(),
  };
}
