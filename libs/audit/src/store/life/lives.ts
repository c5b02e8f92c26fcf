import { GREATEST_ID } from '../search/search-rows.js';
import { type BriefRow, type ChangeRow, toBrief, toStoredChange } from '../tables/stored-row.js';
import type { BoundedLifeKey, LifeChange, LifeKey } from './life-query.js';

/** A change of the life of the `n`th entity that was asked for. */
export type LifeRow = ChangeRow & BriefRow & Pick<LifeChange, 'reached' | 'visible'> & { readonly n: number };

/**
 * See `TrailSearch.lives`.
 * @param read the changes under one id each, see `livesSql`
 */
export function readLives(
  keys: readonly LifeKey[],
  read: (keys: readonly BoundedLifeKey[]) => Promise<readonly LifeRow[]>,
): Promise<readonly (readonly LifeChange[])[]> {
  return boundedLives(
    keys.map((key) => ({ ...key, untilId: GREATEST_ID })),
    read,
  );
}

/** A further query for each change of keys that the longest chain of them has. */
async function boundedLives(
  keys: readonly BoundedLifeKey[],
  read: (keys: readonly BoundedLifeKey[]) => Promise<readonly LifeRow[]>,
): Promise<readonly (readonly LifeChange[])[]> {
  const found: LifeChange[][] = keys.map(() => []);
  for (const row of keys.length > 0 ? await read(keys) : []) {
    const { reached, visible } = row;
    found[row.n]?.push({ ...toStoredChange(row), revision: toBrief(row), reached, visible });
  }
  const lives = found.map((life, at) => untilNextEntity(life, keys[at]?.id));
  const renamed = keys.flatMap(({ types, id }, at) => {
    const [first] = lives[at] ?? [];
    return first && first.entityId !== id
      ? [{ at, key: { types, id: first.entityId, untilId: first.id } }]
      : [];
  });
  if (renamed.length === 0) {
    return lives;
  }
  const former = await boundedLives(
    renamed.map(({ key }) => key),
    read,
  );
  for (const [n, { at }] of renamed.entries()) {
    const before = former[n] ?? [];
    const known = new Set(before.map(({ id }) => id));
    lives[at] = [...before, ...(lives[at] ?? []).filter(({ id }) => !known.has(id))];
  }
  return lives;
}

/** Without what follows when another entity comes to have the id: then the end of this one is not recorded. */
function untilNextEntity(life: readonly LifeChange[], id: string | undefined): readonly LifeChange[] {
  const next = life.findIndex(({ entityId }, at) => at > 0 && entityId !== id);
  return next < 0 ? life : life.slice(0, next);
}
