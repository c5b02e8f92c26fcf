import { ForbiddenException } from '@nestjs/common';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { HistoryOptions } from '../../query/terms/change-query.js';
import type { EntityType } from '../../query/terms/entity-types.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { QueryParameters } from './query-parameters.js';

/**
 * The properties of which a history is asked for.
 * @throws ForbiddenException for one that is hidden from the reader
 */
export function propertiesOf(
  parameters: QueryParameters,
  { family }: EntityType,
  reader: ReaderAccess,
): Pick<HistoryOptions<Record<string, unknown>>, 'property'> {
  const property = parameters.all('property');
  assertSearchable(property, family, reader);
  return property.length > 0 ? { property } : {};
}

/** @throws ForbiddenException for a path that is hidden from the reader, who could else guess its values */
export function assertSearchable(
  paths: readonly string[],
  family: readonly EntityPolicy[],
  reader: ReaderAccess,
): void {
  for (const path of paths) {
    const hiding = family.find(({ entityType }) => reader.hiddenOf(entityType).touches(path));
    if (hiding) {
      throw new ForbiddenException(`You may not search ${hiding.entityType} by "${path.slice(0, 100)}".`);
    }
  }
}
