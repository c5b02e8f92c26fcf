import { type EntityManager, ref } from '@mikro-orm/core';
import fc from 'fast-check';
import { Customer, Line, Order, Tag } from './shop.js';

/** One step of a random history; numbers pick among what there is. */
export type Step =
  | { readonly do: 'add'; readonly what: 'customer' | 'tag' | 'order' | 'line'; readonly pick: number }
  | {
      readonly do: 'change';
      readonly what: 'title' | 'city' | 'json' | 'name' | 'customer' | 'line';
      readonly pick: number;
      readonly to: number;
    }
  | { readonly do: 'link'; readonly pick: number; readonly tags: readonly number[] }
  | { readonly do: 'remove'; readonly what: 'customer' | 'tag' | 'order' | 'line'; readonly pick: number }
  | { readonly do: 'flush' };

const pick = fc.nat({ max: 5 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    what: fc.constantFrom('customer', 'tag', 'order', 'line'),
    pick,
  }),
  fc.record({
    do: fc.constant('change' as const),
    what: fc.constantFrom('title', 'city', 'json', 'name', 'customer', 'line'),
    pick,
    to: pick,
  }),
  fc.record({ do: fc.constant('link' as const), pick, tags: fc.uniqueArray(pick, { maxLength: 3 }) }),
  fc.record({
    do: fc.constant('remove' as const),
    what: fc.constantFrom('customer', 'tag', 'order', 'line'),
    pick,
  }),
  fc.constant({ do: 'flush' as const }),
);

/** What there is from the start, so that most steps find something to do. */
export const PRELUDE: readonly Step[] = [
  ...[0, 1, 2].map((index) => ({ do: 'add', what: 'tag', pick: index }) as const),
  { do: 'add', what: 'customer', pick: 0 },
  { do: 'flush' },
  { do: 'add', what: 'order', pick: 0 },
  { do: 'add', what: 'order', pick: 1 },
  { do: 'flush' },
  { do: 'add', what: 'line', pick: 0 },
  { do: 'link', pick: 0, tags: [0, 1] },
  { do: 'flush' },
];

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)];

/** Does one step, without flushing it. */
export async function perform(em: EntityManager, action: Step): Promise<void> {
  if (action.do === 'flush') {
    return;
  }
  const orders = await em.find(Order, {}, { orderBy: { id: 1 }, populate: ['tags', 'route', 'lines'] });
  const [customers, tags, lines] = [
    await em.find(Customer, {}, { orderBy: { id: 1 } }),
    await em.find(Tag, {}, { orderBy: { id: 1 } }),
    await em.find(Line, {}, { orderBy: { id: 1 } }),
  ];
  const order = at(orders, action.pick);
  if (action.do === 'add') {
    if (action.what === 'customer' || action.what === 'tag') {
      em.create(action.what === 'tag' ? Tag : Customer, { name: `n${action.pick}` });
    } else if (action.what === 'order') {
      const customer = at(customers, action.pick);
      em.create(Order, { title: `t${action.pick}`, ...(customer && { customer: ref(customer) }) });
    } else if (order) {
      em.create(Line, { quantity: action.pick, order: ref(order) });
    }
  } else if (action.do === 'link') {
    order?.tags.set(action.tags.flatMap((index) => at(tags, index) ?? []));
    order?.route.set([...new Set(action.tags.flatMap((index) => at(tags, index) ?? []))].toReversed());
  } else if (action.do === 'remove') {
    const all = { customer: customers, tag: tags, order: orders, line: lines }[action.what];
    const victim = at<object>(all, action.pick);
    if (victim instanceof Customer) {
      for (const owned of orders.filter((one) => one.customer?.id === victim.id)) {
        owned.customer = null;
      }
    }
    if (victim instanceof Order) {
      em.remove(victim.lines.getItems());
    }
    if (victim) {
      em.remove(victim);
    }
  } else {
    const line = at(lines, action.pick);
    edit(action, {
      order,
      line,
      tag: at(tags, action.pick),
      customer: at(customers, action.to),
      target: at(orders, action.to),
    });
  }
}

interface Edited {
  readonly order: Order | undefined;
  readonly line: Line | undefined;
  readonly tag: Tag | undefined;
  readonly customer: Customer | undefined;
  /** The order that the line moves to. */
  readonly target: Order | undefined;
}

function edit(
  { what, to, pick: inner }: Extract<Step, { do: 'change' }>,
  { order, line, tag, customer, target }: Edited,
): void {
  if (what === 'name' && tag) {
    tag.name = `n${to}`;
  } else if (what === 'line' && line && target) {
    line.order = ref(target);
  } else if (what === 'title' && order) {
    order.title = `t${to}`;
  } else if (what === 'city' && order) {
    order.address = to === 0 ? null : { street: null, city: `c${to}` };
  } else if (what === 'json' && order) {
    order.extra = to === 0 ? null : { floor: to, inner: { a: inner } };
    order.parcel = to === 1 ? null : { weight: to, carrier: null };
  } else if (what === 'customer' && order) {
    order.customer = customer ? ref(customer) : null;
  }
}

/** An order in the form of a looked up state. */
export type Row = Readonly<Record<string, unknown>>;

/** The tables as they are, by entity, in the form of a looked up state. */
export async function snapshot(em: EntityManager): Promise<readonly Row[]> {
  const orders = await em.find(
    Order,
    {},
    { populate: ['tags', 'route', 'lines', 'customer'], orderBy: { id: 1, lines: { id: 1 } } },
  );
  return orders.map((order) => ({
    id: order.id,
    title: order.title,
    address: order.address
      ? { street: order.address.street ?? null, city: order.address.city ?? null }
      : null,
    extra: order.extra ?? null,
    parcel: order.parcel ? { weight: order.parcel.weight, carrier: order.parcel.carrier ?? null } : null,
    customer: order.customer ? { id: order.customer.id, name: order.customer.unwrap().name } : null,
    tags: order.tags
      .getItems()
      .map(({ id, name }) => ({ id, name }))
      .sort(byId),
    route: order.route.getItems().map(({ id, name }) => ({ id, name })),
    lines: order.lines
      .getItems()
      .map(({ id, quantity }) => ({ id, quantity }))
      .sort(byId),
  }));
}

export const byId = (one: { id?: unknown }, other: { id?: unknown }) => Number(one.id) - Number(other.id);
