import { type ChangeSide, type ComparableChange, type LinkIds, sameIds } from './change.js';
import type { OracleInput, Row } from './input.js';
import { type LinkThread, LinkThreads } from './link-thread.js';
import { LiveRows } from './live-rows.js';
import type { EntityModel, LinkModel, PropertyModel } from './model.js';
import { type NormalValue, sameValue } from './normal-value.js';
import { normalize } from './normalize.js';
import { type RowThread, RowThreads } from './row-thread.js';

/** The changes that the trail must have: the net effect of each transaction on each audited entity. */
export function expectChanges({ entities, truth, baseline }: OracleInput): ComparableChange[] {
  const live = new LiveRows(entities, baseline);
  const rows = new RowThreads(entities, live);
  const links = new LinkThreads(entities, live);
  for (const event of [...truth].sort((a, b) => a.seq - b.seq)) {
    rows.open(event);
    links.open(event);
    live.apply(event);
    rows.close(event);
    links.close(event);
  }
  const linksByOwner = groupLinks(links.all);
  const ofRows = rows.all.flatMap((thread) => changesOfRow(thread, linksByOwner));
  // The rest belongs to owners whose own row was not touched.
  const ofLinks = [...linksByOwner.values()].flatMap((threads) => changesOfLinks(threads));
  return [...ofRows, ...ofLinks];
}

/** Link threads by transaction, table and owner. */
type LinksByOwner = Map<string, LinkThread[]>;

function groupLinks(threads: readonly LinkThread[]): LinksByOwner {
  const grouped: LinksByOwner = new Map();
  for (const thread of threads) {
    const name = ownerName(thread.transactionId, thread.entity, thread.owner);
    grouped.set(name, [...(grouped.get(name) ?? []), thread]);
  }
  return grouped;
}

function ownerName(transactionId: string, { tables }: EntityModel, key: string): string {
  return `${transactionId} ${tables[0]} ${key}`;
}

function changesOfRow(thread: RowThread, linksByOwner: LinksByOwner): ComparableChange[] {
  const { transactionId, firstKey, lastKey, classBefore, classAfter } = thread;
  const entity = classAfter ?? classBefore;
  if (!entity) {
    return [];
  }
  const keys = [...new Set([firstKey, lastKey])];
  const links = keys.flatMap((key) => {
    const name = ownerName(transactionId, entity, key);
    const found = linksByOwner.get(name) ?? [];
    linksByOwner.delete(name);
    return found;
  });
  const change = { transactionId, keys };
  const [from, to] = [classBefore ?? null, classAfter ?? null];
  if (from && to && !thread.deleted) {
    const update = { ...change, entity: to, operation: 'update', ...differences(to, thread, links) };
    return isEmpty(update.before) && isEmpty(update.after) ? [] : [update];
  }
  const wasDeleted: ComparableChange[] = from
    ? [
        {
          ...change,
          entity: from,
          operation: 'delete',
          before: stateBefore(from, thread, links, to !== null),
          after: null,
        },
      ]
    : [];
  const wasCreated: ComparableChange[] = to
    ? [
        {
          ...change,
          entity: to,
          operation: 'create',
          before: null,
          after: stateAfter(to, thread, links, from !== null),
        },
      ]
    : [];
  return [...wasDeleted, ...wasCreated];
}

function changesOfLinks(threads: readonly LinkThread[]): ComparableChange[] {
  const [first] = threads;
  const entity = first?.ownerClass;
  if (!first || !entity) {
    return [];
  }
  const { before, after } = linkDifferences(entity, threads);
  return before.size + after.size === 0
    ? []
    : [
        {
          transactionId: first.transactionId,
          entity,
          keys: [first.owner],
          operation: 'update',
          before: { properties: new Map(), links: before },
          after: { properties: new Map(), links: after },
        },
      ];
}

/** The value of a property; undefined when the transaction did not touch its table. */
export function propertyValue(
  property: PropertyModel,
  rows: ReadonlyMap<string, Row>,
): NormalValue | undefined {
  const values = property.columns.map(({ table, name, type }) => {
    const row = rows.get(table);
    return row === undefined ? undefined : normalize(row[name], type, 'table');
  });
  const [only] = values;
  if (values.length === 1) {
    return only;
  }
  if (values.includes(undefined)) {
    return undefined;
  }
  // Without a class a polymorphic relation leads nowhere, whatever the key column still holds.
  const isNull = property.polymorphic ? only === null : values.every((value) => value === null);
  return isNull ? null : values.map((value) => value ?? null);
}

function differences(entity: EntityModel, thread: RowThread, links: readonly LinkThread[]) {
  const [before, after] = [new Map<string, NormalValue>(), new Map<string, NormalValue>()];
  for (const property of entity.properties) {
    const [old, now] = [propertyValue(property, thread.before), propertyValue(property, thread.after)];
    if (old !== undefined && now !== undefined && !sameValue(old, now)) {
      before.set(property.path, old);
      after.set(property.path, now);
    }
  }
  const linked = linkDifferences(entity, links);
  return {
    before: { properties: before, links: linked.before },
    after: { properties: after, links: linked.after },
  };
}

function linkDifferences(entity: EntityModel, threads: readonly LinkThread[]) {
  const [before, after] = [new Map<string, LinkIds>(), new Map<string, LinkIds>()];
  for (const link of entity.links) {
    const own = threads.filter((thread) => thread.link === link);
    const [removed, added] =
      link.orderColumn === null
        ? [netOf(own, -1), netOf(own, 1)]
        : [own[0]?.listBefore ?? [], wholeListAfter(own, link)];
    if (!sameIds(removed, added, true)) {
      before.set(link.path, removed);
      after.set(link.path, added);
    }
  }
  return { before, after };
}

function stateBefore(
  entity: EntityModel,
  { before }: RowThread,
  links: readonly LinkThread[],
  again: boolean,
): ChangeSide {
  return stateOf(entity, before, links, (own, link) =>
    again || link.orderColumn !== null ? (own[0]?.listBefore ?? []) : netOf(own, -1),
  );
}

function stateAfter(
  entity: EntityModel,
  { after }: RowThread,
  links: readonly LinkThread[],
  again: boolean,
): ChangeSide {
  return stateOf(entity, after, links, (own, link) =>
    again || link.orderColumn !== null ? wholeListAfter(own, link) : netOf(own, 1),
  );
}

function wholeListAfter(own: readonly LinkThread[], { orderColumn }: LinkModel): readonly string[] {
  if (orderColumn !== null) {
    return own.at(-1)?.listAfter ?? [];
  }
  const lost = netOf(own, -1);
  return [...(own[0]?.listBefore ?? []).filter((target) => !lost.includes(target)), ...netOf(own, 1)];
}

function stateOf(
  entity: EntityModel,
  rows: ReadonlyMap<string, Row>,
  threads: readonly LinkThread[],
  idsOf: (own: readonly LinkThread[], link: LinkModel) => readonly string[],
): ChangeSide {
  return {
    properties: new Map(
      entity.properties.map((property) => [property.path, propertyValue(property, rows) ?? null]),
    ),
    links: new Map(
      entity.links.map((link) => [
        link.path,
        idsOf(
          threads.filter((thread) => thread.link === link),
          link,
        ),
      ]),
    ),
  };
}

/** The targets that were added (1) or removed (-1) on the whole. */
function netOf(threads: readonly LinkThread[], sign: 1 | -1): string[] {
  const total = new Map<string, number>();
  for (const [target, count] of threads.flatMap(({ net }) => [...net])) {
    total.set(target, (total.get(target) ?? 0) + count);
  }
  return [...total].filter(([, count]) => count * sign > 0).map(([target]) => target);
}

function isEmpty({ properties, links }: ChangeSide): boolean {
  return properties.size + links.size === 0;
}
