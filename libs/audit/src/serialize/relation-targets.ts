import type { ChangeRecord } from '../model/change-record.js';
import type { EntityCodec } from './entity-codec.js';
import { keyText } from './key-text.js';
import { linkIds } from './links.js';

/** Says what the relations of a change came to lead to, in the form of `relationTarget`; null when none did. */
export type TargetsOf = (change: ChangeRecord) => readonly string[] | null;

/** By what the entities are found whose relation has ever led to an entity. All of it as it is stored. */
export function relationTarget(entityType: string, path: string, targetId: string): string {
  return `${entityType}.${path}:${targetId}`;
}

export function relationTargets(codecs: Iterable<EntityCodec>): TargetsOf {
  const paths = new Map(
    [...codecs].map(({ policy, relationPaths }) => [policy.entityType, relationPaths] as const),
  );
  return ({ entityType, after }) => {
    let targets: string[] | null = null;
    for (const path of (after && paths.get(entityType)) ?? []) {
      const value = after?.[path] ?? null;
      for (const id of value === null ? [] : (linkIds(value) ?? [keyText([value])])) {
        targets ??= [];
        targets.push(relationTarget(entityType, path, id));
      }
    }
    return targets;
  };
}
