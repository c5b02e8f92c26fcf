import { ForbiddenException } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityType } from '../../query/terms/entity-types.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { QueryParameters } from './query-parameters.js';
import { parseJson, valueOfProperty } from './value-parameter.js';

/** The prefixes of the parameters of values: `where.status="open"`. */
export const WHERE_PREFIX = 'where.';

const MAX_POPULATED = 20;

/**
 * The values that states must have, as JSON by property.
 * @throws InvalidQueryError for a value that is no JSON or of another type
 * @throws ForbiddenException for a property that is hidden from the reader
 */
export function whereOf(
  parameters: QueryParameters,
  { family }: EntityType,
  reader: ReaderAccess,
): Readonly<Record<string, unknown>> {
  const pairs = [...parameters.withPrefix(WHERE_PREFIX)].map(([path, text]) => {
    const name = `${WHERE_PREFIX}${path}`.slice(0, 100);
    if (family.some(({ entityType }) => reader.hiddenOf(entityType).touches(path))) {
      throw new ForbiddenException(`You may not search by "${path.slice(0, 100)}".`);
    }
    return [path, valueOfProperty(name, parseJson(name, text), path, family)] as const;
  });
  return Object.fromEntries(pairs);
}

/**
 * Relations to look up, as dotted paths.
 * @throws InvalidQueryError for more than 20, or what is no relation
 * @throws ForbiddenException for one that leads to what the reader may not see
 */
export function populateOf(
  parameters: QueryParameters,
  type: EntityType,
  reader: ReaderAccess,
): readonly string[] {
  const paths = parameters
    .all('populate')
    .flatMap((text) => text.split(','))
    .filter((path) => path !== '');
  if (paths.length > MAX_POPULATED) {
    throw new InvalidQueryError('populate', 'names more than 20 relations', 'Name fewer.');
  }
  for (const path of paths) {
    let family: readonly EntityPolicy[] = type.family;
    for (const name of path.split('.')) {
      assertShown(name, family, type, reader);
      family = targetsOf(name, family, type);
      for (const { entityType } of family) {
        reader.assertOn('history', entityType);
        reader.assertOn('values', entityType);
      }
    }
  }
  return paths;
}

/** A relation tells the same from either end. */
function assertShown(
  name: string,
  family: readonly EntityPolicy[],
  { instance }: EntityType,
  reader: ReaderAccess,
): void {
  for (const { entityType, meta } of family) {
    for (const { targetMeta, mappedBy, inversedBy } of meta.relations.filter((prop) => prop.name === name)) {
      const otherEnd = mappedBy || inversedBy;
      const targets = targetMeta ? instance.policies.family(targetMeta.class) : [];
      const isHidden =
        reader.hiddenOf(entityType).touches(name) ||
        (otherEnd && targets.some((target) => reader.hiddenOf(target.entityType).touches(otherEnd)));
      if (isHidden) {
        throw new ForbiddenException(`You may not look up "${name.slice(0, 100)}".`);
      }
    }
  }
}

function targetsOf(
  name: string,
  family: readonly EntityPolicy[],
  { instance }: EntityType,
): readonly EntityPolicy[] {
  const relations = family.flatMap(({ entityType, meta }) =>
    meta.relations.filter((prop) => prop.name === name).map((prop) => ({ entityType, prop })),
  );
  const targets = relations.flatMap(({ prop }) =>
    !prop.polymorphic && prop.targetMeta ? instance.policies.family(prop.targetMeta.class) : [],
  );
  if (targets.length === 0) {
    throw new InvalidQueryError(
      'populate',
      `names "${name.slice(0, 100)}", which leads to nothing that is audited`,
      'Name relations to audited entities.',
    );
  }
  return targets;
}
