import Sequelize from 'sequelize';
import temporal from 'sequelize-temporal';

const { DataTypes } = Sequelize;

/**
 * Sequelize, each call a transaction. `full` is the only mode of sequelize-temporal that records inserts, and for
 * `bulkCreate` it needs the hooks of every row.
 */
export async function open({ url, audited }) {
  const sequelize = new Sequelize(url, {
    dialect: 'postgres',
    logging: false,
    pool: { max: 1, min: 1, idle: 3_600_000, evict: 3_600_000 },
  });
  // Sequelize writes into what it gets: one object per column.
  const text = () => ({ type: DataTypes.TEXT, allowNull: false });
  const time = () => ({ type: DataTypes.DATE, allowNull: false });
  const Order = sequelize.define(
    'workOrder',
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      number: text(),
      customer: { type: DataTypes.INTEGER, allowNull: false },
      title: text(),
      status: text(),
      priority: text(),
      price: { type: DataTypes.DECIMAL(12, 2), allowNull: false },
      notes: DataTypes.TEXT,
      data: { type: DataTypes.JSONB, allowNull: false },
      scheduledAt: time(),
      createdAt: time(),
      updatedAt: time(),
    },
    { tableName: 'work_order', timestamps: false },
  );
  if (audited) {
    temporal(Order, sequelize, { full: true });
  }
  await sequelize.sync();
  await sequelize.query(
    `create table customer (id int primary key); insert into customer values (1);
     alter table work_order add foreign key (customer) references customer`,
  );
  const [[{ pid }]] = await sequelize.query('select pg_backend_pid() as pid');
  return {
    pid,
    create: (rows) => rows,
    insert: async (rows) => {
      const orders = await sequelize.transaction((transaction) =>
        Order.bulkCreate(rows, { transaction, individualHooks: audited }),
      );
      // From here on the instances are what is changed.
      rows.splice(0, rows.length, ...orders);
    },
    update: (orders) =>
      sequelize.transaction(async (transaction) => {
        for (const order of orders) {
          await order.save({ transaction });
        }
      }),
    remove: (orders) =>
      sequelize.transaction((transaction) =>
        Order.destroy({ where: { id: orders.map(({ id }) => id) }, transaction }),
      ),
    close: () => sequelize.close(),
  };
}
