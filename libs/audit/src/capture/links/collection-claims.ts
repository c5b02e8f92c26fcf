import { type DirtyCollection, ownColumns } from '../orm/collection-facts.js';
import { columnText } from '../orm/row-key.js';

/**
 * Whether loaded collections of both sides say the same of each link. MikroORM keeps both sides in step; where the
 * application does not let it, the statements decide, whose order nobody promises.
 */
export function doAgree(collections: readonly DirtyCollection[]): boolean {
  const claims = collections.map(({ owner, prop, items, snapshot = [] }) => ({
    owner,
    isOwner: prop.owner,
    was: new Set(snapshot),
    is: new Set(items),
  }));
  const [ofOwners, ofTargets] = [true, false].map(
    (side) => new Map(claims.filter(({ isOwner }) => isOwner === side).map((claim) => [claim.owner, claim])),
  );
  const isContradicted = ({ owner, isOwner, was, is }: (typeof claims)[number], member: object): boolean => {
    const other = (isOwner ? ofTargets : ofOwners)?.get(member);
    return (
      other !== undefined &&
      (other.was.has(owner) !== was.has(member) || other.is.has(owner) !== is.has(member))
    );
  };
  return !claims.some((claim) => [...claim.was, ...claim.is].some((member) => isContradicted(claim, member)));
}

/** Whether two entities stand for one row, each with a collection. */
export function hasTwins(collections: readonly DirtyCollection[]): boolean {
  const known = collections.filter(({ isOwnerNew }) => !isOwnerNew);
  const names = new Set(known.map((one) => JSON.stringify([one.prop.owner, columnText(ownColumns(one))])));
  return names.size < known.length;
}
