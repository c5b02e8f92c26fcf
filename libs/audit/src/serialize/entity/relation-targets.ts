import { entityTypeParts } from '../../model/entity-type.js';
import { relationTarget, type TargetsOf } from '../../model/relation-target.js';
import type { EntityCodec } from './entity-codec.js';
import { keyText } from './key-text.js';
import { linkIds } from './links.js';

/** The targets of all relations that the trail names. */
export function relationTargets(codecs: Iterable<EntityCodec>): TargetsOf {
  const paths = new Map(
    [...codecs].map(({ policy, relationPaths }) => [policy.name, relationPaths] as const),
  );
  return ({ entityType, after }) => {
    let targets: string[] | null = null;
    const ofType = paths.get(entityType) ?? paths.get(entityTypeParts(entityType).name);
    for (const path of (after && ofType) ?? []) {
      const value = after?.[path] ?? null;
      for (const id of value === null ? [] : (linkIds(value) ?? [keyText([value])])) {
        targets ??= [];
        targets.push(relationTarget(entityType, path, id));
      }
    }
    return targets;
  };
}
