import type {
  Activity,
  AuditReader,
  Blame,
  Change,
  EntityState,
  FeedPage,
  FieldChange,
  MaskedValue,
  Page,
  Revision,
  RevisionBrief,
  RevisionSummary,
} from 'nestjs-mikro-audit';
import { Customer, Line, Order, Tag } from '../support/fixtures/shop.js';

/** True when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function assertType<_T extends true>(): void {
  // Only the compiler looks at this.
}

/** Compiled, never run: what the types of a search allow. */
export async function searchTypes(reader: AuditReader): Promise<void> {
  const page = await reader.changes({ entity: Order, id: [1], property: 'title' });
  assertType<Same<typeof page, Page<Change<Order>>>>();
  const all = await reader.changes({ entity: [Order, Tag], actor: { id: 'anna' } });
  assertType<Same<typeof all, Page<Change>>>();
  const revisions = await reader.revisions({ entity: Order, action: 'order.close' });
  assertType<Same<typeof revisions, Page<RevisionSummary>>>();

  const whole = await reader.changes({ entity: Order, details: true });
  assertType<Same<typeof whole, Page<Change<Order, Revision>>>>();
  const history = await reader.history(Order, 1, { details: true, limit: 10 });
  assertType<Same<typeof history, Page<Change<Order, Revision>>>>();
  const details = Math.random() < 0.5;
  const either = await reader.history(Order, 1, { details });
  assertType<Same<typeof either, Page<Change<Order, Revision | RevisionBrief>>>>();
  // @ts-expect-error only with details
  page.items[0]?.revision.origin;

  await reader.changes();
  await reader.changes({
    entity: Order,
    value: { property: 'price', from: { lt: '100' }, to: { gte: '100' } },
  });
  await reader.changes({ entity: Order, value: { property: 'total', to: { in: [1n] } } });
  await reader.changes({
    entity: Order,
    value: [{ property: 'dueAt', to: { isNull: true } }, { property: 'paid' }],
  });
  await reader.changes({ entity: Order, value: { property: 'address.city', to: { eq: 'Kiel' } } });
  await reader.changes({
    partOf: { entity: Order, id: 1 },
    order: 'oldest',
    operation: ['create', 'delete'],
  });

  // @ts-expect-error no property of an order
  await reader.changes({ entity: Order, property: 'titel' });
  // @ts-expect-error a price is a text
  await reader.changes({ entity: Order, value: { property: 'price', to: { lt: 100 } } });
  // @ts-expect-error a total is a bigint
  await reader.changes({ entity: Order, value: { property: 'total', to: { eq: '1' } } });
  // @ts-expect-error no operator
  await reader.changes({ entity: Order, value: { property: 'price', to: { like: 'x' } } });
  // @ts-expect-error a property of which of them
  await reader.changes({ entity: [Order, Tag], property: 'title' });
  // @ts-expect-error no operation
  await reader.changes({ operation: 'read' });
  // @ts-expect-error a time is a Date
  await reader.changes({ from: '2027-01-01' });
  // @ts-expect-error no such option
  await reader.changes({ offset: 10 });
}

/** Compiled, never run: what the types of past states allow. */
export async function stateTypes(reader: AuditReader, at: Date): Promise<void> {
  const state = await reader.asOf(Order, 1, at);
  assertType<Same<typeof state, EntityState<Order> | null>>();
  if (typeof state?.title === 'string') {
    state.title.length;
  }
  const ids: readonly number[] | undefined = state?.tags;
  const masked: MaskedValue | string | null | undefined | object = state?.card;

  const populated = await reader.asOf(
    Order,
    1,
    { revision: '7' },
    { populate: ['tags', 'customer', 'lines'] },
  );
  const name = populated?.customer?.name;
  const [tag] = populated?.tags ?? [];
  const nested = await reader.asOf(Customer, 1, at, { populate: ['orders.lines'] });
  const quantity = nested?.orders?.[0]?.lines?.[0]?.quantity;

  const page = await reader.findAsOf(Order, { title: 'x', customer: null, 'address.city': 'Kiel' }, at, {
    limit: 10,
  });
  assertType<Same<typeof page, Page<EntityState<Order>>>>();

  // @ts-expect-error what was is not to be changed
  if (state) state.title = 'y';
  // @ts-expect-error a hidden or cut value has no length
  state?.title?.length;
  // @ts-expect-error the key of a customer has no name
  state?.customer?.name;
  // @ts-expect-error no relation of an order
  await reader.eachAsOf(Order, 1, at, { populate: ['title'] });
  // @ts-expect-error no property of an order
  await reader.eachAsOf(Order, { titel: 'x' }, at);
  // @ts-expect-error a title is a text
  await reader.eachAsOf(Order, { title: 7 }, at);
  // @ts-expect-error a text is no time
  await reader.eachAsOf(Order, 1, '2027-01-01');

  const diff = await reader.diff(Line, 1, { from: at, to: { revision: '7' } });
  assertType<Same<typeof diff, readonly FieldChange<Line>[]>>();
  const blame = await reader.blame(Line, 1);
  assertType<Same<typeof blame, readonly Blame<Line>[] | null>>();

  void [ids, masked, name, tag?.name, quantity];
}

/** Compiled, never run: what the types of the feed, of counts and of a part of the trail allow. */
export async function followingTypes(reader: AuditReader, from: Date): Promise<void> {
  const page = await reader.feed({ after: null, entity: [Order, Tag], actor: { id: 'anna' } });
  assertType<Same<typeof page, FeedPage>>();
  await reader.feed({ after: page.position, limit: 100 });
  const position: string = await reader.feedEnd();
  const activity = await reader.activity({ from, entity: [Order], timeZone: 'Europe/Berlin' });
  assertType<Same<typeof activity, Activity>>();
  const counted: number | undefined = activity.days[0]?.counts.order;

  // @ts-expect-error where to begin is to be said
  await reader.feed({ entity: [Order] });
  // @ts-expect-error revisions are followed, not the changes of properties
  await reader.feed({ after: null, property: 'title' });
  // @ts-expect-error from when is to be said
  await reader.activity({ entity: [Order] });
  // @ts-expect-error a feed has no order but its own
  await reader.feed({ after: null, order: 'oldest' });
  // @ts-expect-error what was counted is not to be changed
  if (activity.days[0]) activity.days[0].total = 0;

  const within = { metadata: { tenant: 'a' }, partOf: [{ entity: Order, id: 1 }], entity: [Order, Line] };
  await reader.history(Order, 1, { within });
  await reader.changes({ entity: Order, within: { anyOf: [within, { entityType: ['tag'] }] } });
  await reader.asOf(Order, 1, from, { within, populate: ['lines'] });
  await reader.findAsOf(Order, { title: 'x' }, from, { within, limit: 10 });
  await reader.diff(Order, 1, { from: from, to: from }, { within });
  await reader.blame(Order, 1, { within });
  await reader.revision('1', { within });
  await reader.feed({ after: null, within });
  await reader.activity({ from, within });

  // @ts-expect-error metadata is JSON
  await reader.changes({ within: { metadata: { since: from } } });
  // @ts-expect-error a whole has an id
  await reader.changes({ within: { partOf: [{ entity: Order }] } });
  // @ts-expect-error no condition of a scope
  await reader.history(Order, 1, { within: { tenant: 'a' } });

  const [field] = await reader.diff(Order, 1, { from: from, to: from });
  const label: string | undefined = field?.labels?.['7'];
  // @ts-expect-error labels are not to be changed
  if (field?.labels) field.labels['7'] = 'x';

  void [position, counted, label];
}
