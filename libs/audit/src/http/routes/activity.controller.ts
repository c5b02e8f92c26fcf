import { Get, Inject, Req } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { AuditRoutes } from './audit-routes.decorator.js';

/** How much was changed, by day. */
export interface ActivityView {
  /** In order; days without changes are left out. */
  readonly days: readonly {
    /** `YYYY-MM-DD` */
    readonly day: string;
    readonly total: number;
    readonly byEntityType: Readonly<Record<string, number>>;
  }[];
  /** Changes are counted from this time on: `from`, or later where there is more than is counted at a time. */
  readonly countedFrom: string;
}

@AuditRoutes('activity')
export class ActivityController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get()
  @RequiredAction('list')
  @RecordedRead({ action: 'audit.activity', whenServed: true })
  async activity(@Req() request: HttpRequest): Promise<ActivityView> {
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, 'timeZone']);
    const { from, ...filter } = new ChangeFilterParameters(
      parameters,
      this.types,
      this.granted.of(request),
    ).read();
    const timeZone = parameters.text('timeZone');
    if (!from) {
      throw new InvalidQueryError('from', 'is missing', 'Give the time from which on changes are counted.');
    }
    const query = { ...filter, from, ...(timeZone === undefined ? {} : { timeZone }) };
    const { days, countedFrom } = await this.trails.of(request).activity(query);
    return {
      days: days.map(({ day, total, counts }) => ({ day, total, byEntityType: counts })),
      countedFrom: countedFrom.toISOString(),
    };
  }
}
