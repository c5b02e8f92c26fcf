import type { EntityName } from '@mikro-orm/core';
import type { Blame } from '../../model/blame.js';
import type { Change, FieldChange, RevisionWithChanges } from '../../model/change.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { RevisionSummary } from '../../model/revision.js';
import type { AuditCatalog } from '../../query/audit-catalog.js';
import type { AuditReader } from '../../query/audit-reader.js';
import type { AnyConditions } from '../../query/change-filter-resolver.js';
import type { ChangesQuery, OrderOptions } from '../../query/change-query.js';
import type { EntityKey } from '../../query/entity-id.js';
import type { PointInTime } from '../../query/point-in-time.js';
import { TrailExporter } from '../../query/trail-export.js';
import type { AuditAction } from '../access/audit-access.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { ChangeFilter } from '../parameters/change-filter-parameters.js';
import type { EntityType } from '../parameters/entity-types.js';

/** The trail as far as one reader may see it. What is beyond is not there: pages without it, null. */
export class ReaderTrail {
  constructor(
    private readonly audit: AuditReader,
    private readonly catalog: AuditCatalog,
    private readonly reader: ReaderAccess,
  ) {}

  changes(filter: ChangeFilter, page: OrderOptions): Promise<Page<Change>> {
    return this.audit.changes({ ...this.scoped('list', filter), ...page } as ChangesQuery);
  }

  revisions(filter: ChangeFilter, page: OrderOptions): Promise<Page<RevisionSummary>> {
    return this.audit.revisions({ ...this.scoped('list', filter), ...page } as ChangesQuery);
  }

  export(filter: ChangeFilter, order: Pick<OrderOptions, 'order'>): TrailExporter {
    return new TrailExporter(this.catalog, { ...this.scoped('export', filter), ...order } as AnyConditions);
  }

  /** Null when there is no such revision, or nothing in it that the reader may see. */
  async revision(id: string): Promise<RevisionWithChanges | null> {
    const found = await this.audit.revision(id);
    const changes = found?.changes.filter(({ entityType }) => this.reader.mayOn('history', entityType)) ?? [];
    return found && (changes.length > 0 || this.reader.mayOnAll('history')) ? { ...found, changes } : null;
  }

  history({ entity }: EntityType, id: EntityKey, page: OrderOptions): Promise<Page<Change>> {
    return this.audit.changes({ ...this.scoped('history', { entity, ids: [id] }), ...page } as ChangesQuery);
  }

  /** With everything that is part of the entity. */
  story({ entity }: EntityType, id: EntityKey, page: OrderOptions): Promise<Page<Change>> {
    return this.audit.changes({
      ...this.scoped('history', { root: { entity, id } }),
      ...page,
    } as ChangesQuery);
  }

  state(
    { entity }: EntityType,
    id: EntityKey,
    at: PointInTime,
    populate: readonly string[],
  ): Promise<object | null> {
    return this.audit.asOf(entity, id, at, { populate: populate as never[] });
  }

  states(
    { entity }: EntityType,
    where: Readonly<Record<string, unknown>>,
    at: PointInTime,
    page: PageOptions,
  ): Promise<Page<object>> {
    return this.audit.asOf(entity, where as never, at, page);
  }

  diff(
    { entity }: EntityType,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
  ): Promise<readonly FieldChange[]> {
    return this.audit.diff(entity, id, first, second) as Promise<readonly FieldChange[]>;
  }

  blame({ entity }: EntityType, id: EntityKey): Promise<readonly Blame[] | null> {
    return this.audit.blame(entity, id) as Promise<readonly Blame[] | null>;
  }

  private scoped(action: AuditAction, filter: ChangeFilter): ChangeFilter {
    if (filter.entity !== undefined || this.reader.mayOnAll(action)) {
      return filter;
    }
    return {
      ...filter,
      entity: this.reader.policies(action).map(({ meta }) => meta.class as EntityName<object>),
    };
  }
}
