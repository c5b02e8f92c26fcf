import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { Change, FieldChange, FieldPath, RevisionWithChanges } from '../model/change.js';
import type { Page, PageOptions } from '../model/page.js';
import type { Revision } from '../model/revision.js';
import type { StoredChange } from '../store/audit-store.js';
import { AuditCatalog, type AuditedInstance } from './audit-catalog.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type EntityKey, entityIdOf } from './entity-id.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Reads the trail. Everything it returns is plain data; nothing of it is managed by an EntityManager. */
@Injectable()
export class AuditReader {
  constructor(@Inject(AuditCatalog) private readonly catalog: AuditCatalog) {}

  /**
   * The changes of one entity, newest first. Changes of subclasses count as the class's own. An id without changes
   * gives an empty page.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for a limit outside 1 to 500, or a cursor that is none
   */
  async history<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    { limit = DEFAULT_LIMIT, cursor = null }: PageOptions = {},
  ): Promise<Page<Change<Entity>>> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidQueryError('limit', `is ${limit}`, `Give a whole number from 1 to ${MAX_LIMIT}.`);
    }
    const { instance, family } = this.catalog.of(entity);
    const beforeId = cursor === null ? null : decodeCursor(cursor);
    const entityId = entityIdOf(id, family[0] && instance.codecs.find(family[0].meta));
    if (entityId === null) {
      return { items: [], nextCursor: null };
    }
    const entityTypes = family.map((policy) => policy.entityType);
    const rows = await instance.store.history({ entityTypes, entityId, beforeId, limit: limit + 1 });
    const items = rows.slice(0, limit).map(({ change, revision }) => ({
      ...decodeChange<Entity>(instance, change),
      revision: revision satisfies Revision,
    }));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? encodeCursor(last.id) : null };
  }

  /**
   * Everything that happened together, with who and why. With several MikroORM instances, that of the first one that
   * has the id.
   * @returns null when there is no such revision
   * @throws InvalidQueryError when the id is no revision id
   */
  async revision(id: string): Promise<RevisionWithChanges | null> {
    if (!/^\d{1,19}$/.test(id) || BigInt(id) > MAX_BIGINT) {
      throw new InvalidQueryError(
        'revision id',
        'is not a revision id',
        'Give the decimal number of a revision.',
      );
    }
    for (const instance of this.catalog.all()) {
      const found = await instance.store.revision(id);
      if (found) {
        return { ...found.revision, changes: found.changes.map((change) => decodeChange(instance, change)) };
      }
    }
    return null;
  }
}

function decodeChange<Entity>(
  instance: AuditedInstance,
  change: StoredChange,
): Omit<Change<Entity>, 'revision'> {
  const { revisionId: _belongsToRevision, ...rest } = change;
  const policy = instance.policies.ofType(change.entityType);
  const codec = policy && instance.codecs.find(policy.meta);
  const before = change.before && (codec ? codec.decode(change.before) : change.before);
  const after = change.after && (codec ? codec.decode(change.after) : change.after);
  return { ...rest, before, after, fields: fieldsOf<Entity>(before, after) };
}

function fieldsOf<Entity>(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): readonly FieldChange<Entity>[] {
  const paths = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...paths].map((path) => ({
    path: path as FieldPath<Entity>,
    before: before?.[path],
    after: after?.[path],
  }));
}
