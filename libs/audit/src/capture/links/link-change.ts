import type { RowName } from '../../model/row-map.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { encodeLinkList, encodeLinks } from '../../serialize/entity/links.js';
import type { Link, RecordedRelation } from '../orm/link-table.js';
import { type LinkSides, rowOf } from '../record/draft.js';

/** Changed links of one entity in one relation, on the side that records them. */
export interface LinkChange {
  readonly codec: EntityCodec;
  readonly entityId: string;
  /** Of the relation. */
  readonly name: string;
  readonly isOrdered: boolean;
  /** Ids of the other ends before and after, in their order; of loaded collections as far as these tell. */
  readonly was: readonly string[];
  readonly is: readonly string[];
}

/**
 * The entities whose links are not the same as before, and those whose rows were inserted again.
 * @param codecOf undefined for an entity whose links are not recorded
 */
export function linkChanges(
  { collection, recordsOwner }: RecordedRelation,
  before: readonly Link[],
  after: readonly Link[],
  codecOf: (entityId: string) => EntityCodec | undefined,
  isRecreated: (row: RowName) => boolean,
): readonly LinkChange[] {
  const byEntity = (links: readonly Link[]) =>
    Map.groupBy(links, ({ ownerId, targetId }) => (recordsOwner ? ownerId : targetId));
  const [was, is] = [byEntity(before), byEntity(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((entityId) => {
    const codec = codecOf(entityId);
    const [had, has] = [was, is].map((links) => otherEnds(links.get(entityId) ?? [], recordsOwner));
    if (!codec || !had || !has) {
      return [];
    }
    const isChanged = collection.ordered
      ? JSON.stringify(had) !== JSON.stringify(has)
      : new Set(had).symmetricDifference(new Set(has)).size > 0;
    const row = rowOf({ codec, entityId });
    return isChanged || isRecreated(row)
      ? [{ codec, entityId, name: collection.name, isOrdered: collection.ordered, was: had, is: has }]
      : [];
  });
}

/** Links in the form of the trail: whole lists where the order is data, else the links that were lost, and that came. */
export function sidesOf({ was, is, isOrdered }: LinkChange): LinkSides['before'][] {
  if (isOrdered) {
    return [encodeLinkList(was), encodeLinkList(is)];
  }
  const [had, has] = [new Set(was), new Set(is)];
  return [encodeLinks(had.difference(has)), encodeLinks(has.difference(had))];
}

/** All links, for rows that were deleted and inserted again. */
export function wholeSidesOf({ was, is, isOrdered }: LinkChange): LinkSides['before'][] {
  return isOrdered
    ? [encodeLinkList(was), encodeLinkList(is)]
    : [encodeLinks(new Set(was)), encodeLinks(new Set(is))];
}

function otherEnds(links: readonly Link[], recordsOwner: boolean): readonly string[] {
  return links.map(({ ownerId, targetId }) => (recordsOwner ? targetId : ownerId));
}
