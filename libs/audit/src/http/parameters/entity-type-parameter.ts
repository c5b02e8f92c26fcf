import { NotFoundException } from '@nestjs/common';
import type { EntityType, EntityTypes } from '../../query/terms/entity-types.js';

/** @throws NotFoundException when nothing is audited under this name */
export function entityTypeOf(types: EntityTypes, name: string): EntityType {
  const found = types.find(name);
  if (!found) {
    throw new NotFoundException('Nothing is audited under this name.');
  }
  return found;
}
