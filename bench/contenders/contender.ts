import type { EventSubscriber } from '@mikro-orm/core';
import { MikroORM, type Options, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Backends } from '../database/backends.js';
import type { TestEntity } from '../database/entity-list.js';
import { type OrderModel, orderModel } from './order-model.js';

export type ContenderName =
  | 'plain'
  | 'library'
  | 'triggers'
  | 'withCommit'
  | 'floor'
  | 'subscriber'
  | 'entities'
  | 'trigger';

/** One way to audit, or not to, on a database of its own. */
export interface Contender {
  readonly name: ContenderName;
  readonly orm: MikroORM;
  readonly model: OrderModel;
  readonly backends: Backends;
  /** Runs work on behalf of somebody, as a request would. */
  run<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface ContenderOptions {
  readonly url: string;
  /** Most connections at a time. */
  readonly connections: number;
  /** False when another contender has already created the tables of this database. */
  readonly createSchema: boolean;
}

export const LABELS: Readonly<Record<ContenderName, string>> = {
  plain: 'no audit',
  library: 'nestjs-mikro-audit',
  triggers: 'nestjs-mikro-audit, auditTriggers()',
  withCommit: 'nestjs-mikro-audit, sendWithCommit',
  floor: 'floor: payloads as they are, one INSERT',
  subscriber: 'subscriber, one INSERT per change',
  entities: 'audit entities, computeChangeSet',
  trigger: 'row trigger, jsonb diff (no actor)',
};

/** The options of MikroORM that all contenders share. */
export function ormOptions(
  { url, connections }: ContenderOptions,
  backends: Backends,
  entities: readonly TestEntity[],
): Options {
  return {
    driver: PostgreSqlDriver,
    clientUrl: url,
    entities: [...entities],
    ...backends.options(connections),
  };
}

/** A contender that needs nothing but MikroORM. */
export async function openWithOrm(
  name: ContenderName,
  options: ContenderOptions,
  extra: {
    readonly entities?: readonly TestEntity[];
    readonly subscribers?: readonly EventSubscriber[];
    readonly sql?: string;
  } = {},
): Promise<Contender> {
  const model = orderModel();
  const backends = new Backends();
  const entities = [model.Customer, model.Order, ...(extra.entities ?? [])];
  const orm = await MikroORM.init({
    ...ormOptions(options, backends, entities),
    subscribers: [...(extra.subscribers ?? [])],
  });
  await prepareSchema(orm, options, extra.sql);
  return { name, orm, model, backends, run: (work) => work(), close: () => orm.close(true) };
}

/** Creates the tables and the one customer of all orders. */
export async function prepareSchema(orm: MikroORM, options: ContenderOptions, sql = ''): Promise<void> {
  if (options.createSchema) {
    await orm.schema.create();
    const connection = orm.em.getConnection();
    await connection.execute("insert into customer (name) values ('Waterworks')");
    if (sql !== '') {
      await connection.executeDump(sql);
    }
  }
}
