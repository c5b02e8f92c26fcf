import { Reflector } from '@nestjs/core';
import type { TrailScope } from '../../query/terms/trail-scope.js';

/**
 * The things that one can do with the trail over HTTP.
 *
 * - `list`: search changes and revisions, count them, follow the live feed
 * - `history`: the history and story of one entity, and single revisions
 * - `values`: see what values were; without it one sees that something changed, when and by whom
 * - `export`: download what one may list
 * - `restore`: plan a restore and apply it
 * - `coverage`: see what of the database is audited, and what the doctor and the check have found: for who runs the app. It tells
 *   nothing of entities of which the reader may see a part only
 */
export type AuditPermission = 'list' | 'history' | 'values' | 'export' | 'restore' | 'coverage';

/** All actions, in the order of growing trust. */
export const AUDIT_PERMISSIONS: readonly AuditPermission[] = [
  'list',
  'history',
  'values',
  'export',
  'restore',
  'coverage',
];

/** The permissions of a reader. All that it does not grant is denied. */
export interface AuditAccess {
  /** Actions on all entities below that name none of their own. */
  readonly permissions: readonly AuditPermission[];
  /** By name in the trail. `*` stands for every entity that is not named. */
  readonly entities: Readonly<Record<string, EntityAccess>>;
}

/** The permissions of a reader for the changes of one entity. */
export interface EntityAccess {
  /** @default those of the whole access */
  readonly permissions?: readonly AuditPermission[];
  /**
   * The changes that this reader may see, such as those of a tenant: `{ metadata: { tenant: 'a' } }`, or of the entities that
   * are its own: `{ partOf: [{ entity: Order, id: 7 }] }`. It goes into the SQL of every query. `'all'` is every change of it,
   * which no policy says by saying nothing.
   */
  readonly within: TrailScope | 'all';
  /**
   * Properties whose values this reader does not see, by path; what is inside them is hidden with them. They cannot be
   * searched either, nor seen through labels.
   * @default none
   */
  readonly hidden?: readonly string[];
}

/** Names the action that a route needs, or `any` of them. A route without it is denied to everybody. */
export const RequiredPermission = Reflector.createDecorator<AuditPermission | 'any'>();
