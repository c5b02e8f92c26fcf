import {
  type ChangeSet,
  ChangeSetType,
  type EventSubscriber,
  type FlushEventArgs,
  type TransactionEventArgs,
  type UnitOfWork,
} from '@mikro-orm/core';
import { CompiledQuery, type QueryResult } from 'kysely';
import { auditEntities } from 'nestjs-mikro-audit';
import { type Contender, type ContenderOptions, openWithOrm } from './contender.js';

/**
 * The least that an application can do for an audit: the payloads that MikroORM has computed anyway, written as they are, with one
 * prepared statement per transaction, into the tables and indexes of this library. It knows constants in place of a
 * context, one entity, and nothing of rounding, masks, hooks, defaults, savepoints or of what the database does by
 * itself. It is no way to audit; it shows what is left to save.
 */
export function openFloor(options: ContenderOptions): Promise<Contender> {
  return openWithOrm('floor', options, {
    entities: [...auditEntities],
    subscribers: [new FloorSubscriber()],
  });
}

interface Change {
  readonly changeSet: ChangeSet<{ id: string }>;
  readonly original: object | undefined;
}

type Executor = { executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>> };

const HEADER = [
  'Anna Bauer',
  '{"source":"http","ip":"10.0.0.1","method":"PATCH","route":"/orders/:id","handler":"OrdersController.change"}',
  '3f6f2c8e-6c1f-4f35-9d8e-0a1b2c3d4e5f',
];
const OF_FIRST = `insert into audit_change (actor_type, actor_id, actor_label, outcome, origin, correlation_id, entity_type, entity_id, operation, before, after)`;
const ONE = {
  name: 'floor_one',
  text: `${OF_FIRST} values ('user', '4711', $1, 'success', $2, $3, 'order', $4, $5, $6, $7)`,
};
const FIRST_LINES = [4, 5, 6, 7].map((position) => `nullif(split_part($${position}, E'\\n', 1), '')`);
const MANY = {
  name: 'floor_many',
  text: `with first as (
  ${OF_FIRST}
  select 'user', '4711', $1, 'success', $2::jsonb, $3, 'order', ${FIRST_LINES[0]}, ${FIRST_LINES[1]}, ${FIRST_LINES[2]}::jsonb, ${FIRST_LINES[3]}::jsonb
  returning id, recorded_at
)
insert into audit_change (revision_id, recorded_at, actor_type, actor_id, actor_label, entity_type, entity_id, operation, before, after)
select id, recorded_at, 'user', '4711', $1, 'order', i, o, b::jsonb, a::jsonb
from first, unnest(${[4, 5, 6, 7]
    .map((position) => `(select string_to_array($${position}, E'\\n', ''))`)
    .join(', ')}) with ordinality as c(i, o, b, a, n) where n > 1`,
};

class FloorSubscriber implements EventSubscriber {
  private readonly changes = new WeakMap<UnitOfWork, readonly Change[]>();

  onFlush({ uow }: FlushEventArgs): void {
    const changeSets = uow.getChangeSets() as unknown as ChangeSet<{ id: string }>[];
    const changes = changeSets.map((changeSet) => ({
      changeSet,
      // MikroORM forgets it with the delete.
      original: changeSet.originalEntity ?? uow.getOriginalEntityData(changeSet.entity),
    }));
    this.changes.set(uow, changes);
  }

  async beforeTransactionCommit({ uow, transaction }: TransactionEventArgs): Promise<void> {
    const rows = ((uow && this.changes.get(uow)) ?? []).map(rowOf);
    const [first, second] = rows;
    if (first) {
      const columns = [0, 1, 2, 3].map((column) => rows.map((row) => row[column]).join('\n'));
      const [statement, values] = second ? [MANY, columns] : [ONE, first];
      const query = CompiledQuery.raw(statement as never, [...HEADER, ...values]);
      await (transaction as unknown as Executor).executeQuery(query);
    }
  }
}

/** Id, operation, before and after. */
function rowOf({ changeSet, original }: Change): readonly (string | null)[] {
  const { entity, type, payload } = changeSet;
  switch (type) {
    case ChangeSetType.CREATE:
      return [entity.id, 'create', null, JSON.stringify(payload)];
    case ChangeSetType.UPDATE: {
      const before: Record<string, unknown> = {};
      for (const name of Object.keys(payload)) {
        before[name] = (original as Record<string, unknown>)[name];
      }
      return [entity.id, 'update', JSON.stringify(before), JSON.stringify(payload)];
    }
    default:
      return [entity.id, 'delete', JSON.stringify(original), null];
  }
}
