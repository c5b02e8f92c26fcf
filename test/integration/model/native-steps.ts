import { type EntityMetadata, ReferenceKind, Utils } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import pg, { type Client } from 'pg';
import { catalog } from './catalog.js';
import type { Id, Native, NativeLinks } from './script.js';
import type { Worker } from './worker.js';

interface Assignment {
  readonly column: string;
  readonly value: Id | null;
}

/** Writes rows past the unit of work. */
export async function native(worker: Worker, step: Native, stranger: Client): Promise<void> {
  const em = worker.em as EntityManager;
  const { entity, fixed } = catalog[step.type];
  const meta = em.getMetadata().get(entity) as EntityMetadata;
  const key = keyOf(meta, step.id);
  const { place, tenant } = worker;
  switch (step.how) {
    case 'update':
      await em.nativeUpdate(entity, key as never, step.set as never, place);
      return;
    case 'delete':
      await em.nativeDelete(entity, key as never, place);
      return;
    case 'insert':
      await em.insert(entity, { ...key, ...step.set, ...fixed } as never, place);
      return;
    case 'insert many':
      await em.insertMany(
        entity,
        [
          { ...step.set, ...fixed },
          { ...key, ...step.set, ...fixed },
        ] as never,
        place,
      );
      return;
    case 'upsert':
      await em.upsert(entity, { ...key, ...step.set, ...fixed } as never, place);
      return;
    case 'builder':
      await em
        .createQueryBuilder(entity)
        .withSchema(tenant)
        .update(step.set as never)
        .where(key as never)
        .execute();
      return;
    case 'raw update':
      await em.execute(updateSql(meta, step, tenant));
      return;
    case 'raw delete':
      await em.execute(
        `with gone as (delete from ${table(meta, tenant)} where ${where(meta, step.id)} returning *) select count(*) from gone`,
      );
      return;
    case 'kysely':
      await em
        .getKysely()
        .executeQuery(CompiledQuery.raw(`update ${table(meta, tenant)} set ${sets(meta, step)}`));
      return;
    case 'stranger':
      await stranger.query(updateSql(meta, step, tenant));
      return;
  }
}

/** Writes rows of links past the unit of work. */
export async function nativeLinks(
  worker: Worker,
  { type, id, links: path, member, action }: NativeLinks,
): Promise<void> {
  const em = worker.em as EntityManager;
  const prop = em
    .getMetadata()
    .get(catalog[type].entity)
    .relations.find(({ name }) => name === path);
  const owning = prop?.owner ? prop : prop?.targetMeta?.relations.find(({ name }) => name === prop.mappedBy);
  if (!prop || owning?.kind !== ReferenceKind.MANY_TO_MANY) {
    return;
  }
  const columns = prop.owner
    ? [...owning.joinColumns, ...owning.inverseJoinColumns]
    : [...owning.inverseJoinColumns, ...owning.joinColumns];
  const values = [id, member].flat().map(literal);
  const name = columns.map(pg.escapeIdentifier);
  const links = table(em.getMetadata().get<object>(owning.pivotEntity as never), worker.tenant);
  await em.execute(
    action === 'add'
      ? `insert into ${links} (${name.join(', ')}) values (${values.join(', ')})`
      : `delete from ${links} where ${name.map((one, i) => `${one} = ${values[i]}`).join(' and ')}`,
  );
}

function updateSql(meta: EntityMetadata, step: Native, tenant: string | undefined): string {
  return `update ${table(meta, tenant)} set ${sets(meta, step)} where ${where(meta, step.id)}`;
}

function sets(meta: EntityMetadata, { set }: Native): string {
  return assignments(meta, set)
    .map(({ column, value }) => `${pg.escapeIdentifier(column)} = ${literal(value)}`)
    .join(', ');
}

function assignments(meta: EntityMetadata, set: Native['set']): readonly Assignment[] {
  return Object.entries(set).flatMap(([name, value]) => {
    const columns = meta.props.find((prop) => prop.name === name)?.fieldNames ?? [];
    const values = Utils.asArray<Id | null>(value as never);
    return columns.map((column, index) => ({ column, value: values[index] ?? null }));
  });
}

function where(meta: EntityMetadata, id: Id): string {
  const columns = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  const values = Utils.asArray<Id>(id as never);
  return columns
    .map((column, index) => `${pg.escapeIdentifier(column)} = ${literal(values[index] ?? null)}`)
    .join(' and ');
}

function keyOf(meta: EntityMetadata, id: Id): Record<string, Id> {
  const values = Utils.asArray<Id>(id as never);
  return Object.fromEntries(meta.primaryKeys.map((name, index) => [name, values[index] as Id]));
}

function table({ root }: EntityMetadata, tenant: string | undefined): string {
  const name = pg.escapeIdentifier(root.tableName);
  return root.schema === '*' && tenant !== undefined ? `${pg.escapeIdentifier(tenant)}.${name}` : name;
}

function literal(value: unknown): string {
  return value === null
    ? 'null'
    : typeof value === 'number'
      ? String(value)
      : pg.escapeLiteral(String(value));
}
