import { Collection, type EntityData, helper, Utils } from '@mikro-orm/core';
import { catalog } from './catalog.js';
import type {
  Access,
  Change,
  Create,
  Id,
  Move,
  Recreate,
  Relate,
  Remove,
  TypeName,
  Values,
} from './script.js';
import type { Worker } from './worker.js';

type Managed = Record<string, unknown>;

export function create(worker: Worker, { type, set }: Create): void {
  const data = resolve(worker, type, set);
  if (data) {
    const { entity, fixed } = catalog[type];
    worker.noteCreated(type, worker.em.create(entity, { ...data, ...fixed } as never, worker.place));
  }
}

export async function change(worker: Worker, { type, id, how, set, claim = {} }: Change): Promise<void> {
  const [data, claimed] = [resolve(worker, type, set), resolve(worker, type, claim)];
  const entity = data && claimed && (await find(worker, type, id, how, { claimed, names: Object.keys(set) }));
  if (entity) {
    worker.em.assign(entity, data as EntityData<object>);
  }
}

export async function remove(worker: Worker, { type, id, how }: Remove): Promise<void> {
  const entity = await findToRemove(worker, type, id, how);
  if (entity) {
    worker.em.remove(entity);
  }
}

export async function recreate(worker: Worker, { type, id, set }: Recreate): Promise<void> {
  const data = resolve(worker, type, set);
  const entity = data && (await findToRemove(worker, type, id, 'load'));
  if (!entity) {
    return;
  }
  const { entity: entityClass, fixed } = catalog[type];
  const { root, primaryKeys } = helper(entity).__meta;
  const [key = ''] = primaryKeys;
  const again = Reflect.construct(entityClass, []) as Managed;
  worker.em.remove(entity);
  worker.em.assign(again, { ...data, ...fixed } as never);
  again[key] = (entity as Managed)[key];
  if (root.schema === '*') {
    helper(again).setSchema(worker.tenant);
  }
  worker.em.persist(again);
  worker.noteCreated(type, again);
}

export async function move(worker: Worker, { type, property, from, to, spare }: Move): Promise<void> {
  const options = { claimed: {}, names: [] };
  const giver = (await find(worker, type, from, 'load', options)) as Managed | null;
  const taker = await find(worker, type, to, 'load', options);
  const instead = resolve(worker, type, { [property]: spare });
  if (giver && taker && giver !== taker && instead) {
    const value = giver[property];
    worker.em.assign(giver, instead as never);
    worker.em.assign(taker, { [property]: value } as never);
  }
}

export async function relate(
  worker: Worker,
  { type, id, links, action, members, loaded }: Relate,
): Promise<void> {
  const target = catalog[type].collections?.[links];
  const entity = await find(worker, type, id, 'load', { claimed: {}, names: [] });
  const collection = (entity as Managed | null)?.[links];
  if (target === undefined || !(collection instanceof Collection)) {
    return;
  }
  if (loaded) {
    await collection.init();
  }
  if (action === 'removeAll') {
    collection.removeAll();
    return;
  }
  const items = members.flatMap((member) => refer(worker, target, member) ?? []);
  collection[action](items);
}

/** MikroORM does not compare the lock version of what it deletes, so it has to be what was stored last. */
async function findToRemove(worker: Worker, type: TypeName, id: Id, how: Access): Promise<object | null> {
  const entity = await find(worker, type, id, how, { claimed: {}, names: [] });
  return entity && catalog[type].shared === 'versioned' && helper(entity).__initialized
    ? worker.em.refresh(entity)
    : entity;
}

interface FindOptions {
  readonly claimed: Managed;
  /** Properties that will be changed. */
  readonly names: readonly string[];
}

async function find(
  worker: Worker,
  type: TypeName,
  id: Id,
  how: Access,
  { claimed, names }: FindOptions,
): Promise<object | null> {
  const { entity: entityClass } = catalog[type];
  const { em, place } = worker;
  if (id === 'new') {
    return worker.lastCreated(type) ?? null;
  }
  const key = id as never;
  switch (how) {
    case 'load':
      return em.findOne(entityClass, key, {
        populate: names.filter((name) => name === 'biography') as never,
        ...place,
      });
    case 'partial':
      return em.findOne(entityClass, key, { fields: keysOf(worker, type) as never, ...place });
    case 'reference':
      return em.getReference(entityClass, key, place);
    case 'merge':
      return em.merge(entityClass, { ...keyData(worker, type, id), ...claimed } as never, place);
    case 'detached': {
      const own = em.fork({ clear: true, keepTransactionContext: true });
      const entity = await own.findOne(entityClass, key, place);
      if (entity) {
        own.assign(entity, claimed as never);
        own.clear();
        return em.merge(entity);
      }
      return null;
    }
  }
}

function keysOf(worker: Worker, type: TypeName): readonly string[] {
  return worker.em.getMetadata().get(catalog[type].entity).primaryKeys;
}

function keyData(worker: Worker, type: TypeName, id: Id): Managed {
  return Object.fromEntries(keysOf(worker, type).map((name, i) => [name, Utils.asArray<unknown>(id)[i]]));
}

/** Values with their references; undefined when one of them refers to a new entity that is not there. */
function resolve(worker: Worker, type: TypeName, values: Values): Managed | undefined {
  const { references = {} } = catalog[type];
  const resolved: Managed = {};
  for (const [name, value] of Object.entries(values)) {
    const target = references[name];
    const final = target === undefined || value === null ? value : refer(worker, target, value);
    if (final === undefined) {
      return undefined;
    }
    resolved[name] = final;
  }
  return resolved;
}

function refer(worker: Worker, type: TypeName, id: Id): object | undefined {
  return id === 'new'
    ? worker.lastCreated(type)
    : worker.em.getReference(catalog[type].entity, id as never, worker.place);
}
