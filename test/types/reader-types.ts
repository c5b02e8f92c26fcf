import type {
  AuditReader,
  Blame,
  Change,
  ChangeCounts,
  EntityState,
  FieldPath,
  Page,
  Revision,
  RevisionWithChanges,
} from 'nestjs-mikro-audit';
import { Order, Tag } from '../support/fixtures/orders.js';

/** True when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function assertType<_T extends true>(): void {
  // Only the compiler looks at this.
}

/** Compiled, never run: what the types of the reader allow. */
export async function readerTypes(reader: AuditReader): Promise<void> {
  const page = await reader.history(Order, 1, { limit: 10, cursor: null });
  assertType<Same<typeof page, Page<Change<Order>>>>();

  const [change] = page.items;
  const [field] = change?.fields ?? [];
  assertType<Same<NonNullable<typeof field>['path'], FieldPath<Order>>>();

  const title: FieldPath<Order> = 'title';
  const nested: FieldPath<Order> = 'title.anything';
  // @ts-expect-error no property of an order
  const unknown: FieldPath<Order> = 'titel';
  // @ts-expect-error a property of an order, not of a tag
  const other: FieldPath<Tag> = 'title';

  // @ts-expect-error compares with a path that an order cannot have
  field?.path === 'titel';

  // @ts-expect-error values are unknown until one looks at them
  change?.after?.title.length;

  // @ts-expect-error what was read is not to be changed
  page.items.push();
  // @ts-expect-error neither is a revision
  if (change) change.revision.reason = 'x';

  await reader.history(Order, [1, 'a', 2n, new Date(0)]);
  // @ts-expect-error an object is no key
  await reader.history(Order, { id: 1 });
  // @ts-expect-error null is no key
  await reader.history(Order, null);
  // @ts-expect-error the limit is a number
  await reader.history(Order, 1, { limit: '10' });
  // @ts-expect-error there is no such option
  await reader.history(Order, 1, { offset: 10 });
  // @ts-expect-error a name is no entity
  await reader.history('Order', 1);

  const latest = await reader.latest(Order, [1, 2], { details: true });
  assertType<Same<typeof latest, readonly (Change<Order, Revision> | null)[]>>();
  const states = await reader.eachAsOf(Order, [1, 2], new Date());
  assertType<Same<typeof states, readonly (EntityState<Order> | null)[]>>();
  const counts = await reader.counts({ by: 'entity', entity: Order, id: [1] });
  assertType<Same<typeof counts, ChangeCounts<'entity'>>>();
  // @ts-expect-error nothing that changes are counted by
  await reader.counts({ by: 'hour' });
  // @ts-expect-error the ids of which class?
  await reader.counts({ by: 'actor', id: [1] });
  const blame = await reader.blame(Order, 1);
  assertType<Same<typeof blame, readonly Blame<Order>[] | null>>();

  const revision = await reader.revision('1');
  assertType<Same<typeof revision, RevisionWithChanges | null>>();
  // @ts-expect-error ids are texts, because a bigint does not fit a number
  await reader.revision(1);

  void [title, nested, unknown, other];
}
