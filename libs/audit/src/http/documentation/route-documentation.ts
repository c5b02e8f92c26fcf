import type { Type } from '@nestjs/common';
import { ExportController } from '../export/export.controller.js';
import { FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { CHANGES_PAGE_PARAMETERS, PAGE_PARAMETERS } from '../parameters/page-parameters.js';
import { RestoreController } from '../restore/restore.controller.js';
import { AccessController } from '../routes/access.controller.js';
import { ActivityController } from '../routes/activity.controller.js';
import { ChangesController } from '../routes/changes.controller.js';
import { CountsController } from '../routes/counts.controller.js';
import { CoverageController } from '../routes/coverage.controller.js';
import { EntityHistoryController } from '../routes/entity-history.controller.js';
import { EntityLatestController } from '../routes/entity-latest.controller.js';
import { EntityStatesController } from '../routes/entity-states.controller.js';
import { EventsController } from '../routes/events.controller.js';
import { ProofsController } from '../routes/proofs.controller.js';
import { RevisionsController } from '../routes/revisions.controller.js';
import type { ModelName } from './schemas.js';

/** The description of one route. */
export interface RouteDocumentation {
  readonly controller: Type<object>;
  readonly handler: string;
  readonly summary: string;
  /** Names of `PARAMETERS`. */
  readonly parameters: readonly string[];
  /** A model, or the media types of a text. */
  readonly answer: ModelName | readonly string[];
  readonly body?: ModelName;
  /** Names of `HEADERS`. */
  readonly headers?: readonly string[];
  /** Beside those that every route has. */
  readonly problems?: readonly ProblemStatus[];
}

/** The answers of a route that cannot do what is asked. */
export type ProblemStatus = 304 | 404 | 409 | 415 | 503;

const SEARCH = [...FILTER_PARAMETERS, ...PAGE_PARAMETERS];

/** Every route that is meant for programs. */
export const ROUTES: readonly RouteDocumentation[] = [
  {
    controller: AccessController,
    handler: 'access',
    summary: 'Permissions of the reader, and the audited entities',
    parameters: [],
    answer: 'AuditAccess',
  },
  {
    controller: ChangesController,
    handler: 'changes',
    summary: 'Changes that have everything that is asked for',
    parameters: [...SEARCH, 'details'],
    answer: 'AuditChangeOfRevisionPage',
  },
  {
    controller: ChangesController,
    handler: 'revisions',
    summary: 'Revisions with a change that has everything that is asked for',
    parameters: SEARCH,
    answer: 'AuditRevisionPage',
  },
  {
    controller: RevisionsController,
    handler: 'revision',
    summary: 'Everything that happened together',
    parameters: [],
    answer: 'AuditRevision',
    headers: ['if-none-match'],
    problems: [304, 404],
  },
  {
    controller: RevisionsController,
    handler: 'changes',
    summary: 'The changes of a revision, in the order of writing',
    parameters: ['limit', 'cursor'],
    answer: 'AuditChangePage',
    problems: [404],
  },
  {
    controller: EntityHistoryController,
    handler: 'history',
    summary: 'The changes of an entity',
    parameters: [...CHANGES_PAGE_PARAMETERS, 'property'],
    answer: 'AuditChangeOfRevisionPage',
    problems: [404],
  },
  {
    controller: EntityHistoryController,
    handler: 'historyWithParts',
    summary: 'The changes of an entity and of everything that is part of it',
    parameters: CHANGES_PAGE_PARAMETERS,
    answer: 'AuditChangeOfRevisionPage',
    problems: [404],
  },
  {
    controller: EntityLatestController,
    handler: 'latest',
    summary: 'The newest change of each entity, in the order of the ids; null where there is none',
    parameters: ['id', 'details'],
    answer: 'AuditLatest',
    problems: [404],
  },
  {
    controller: EntityStatesController,
    handler: 'state',
    summary: 'State of an entity at a point in time',
    parameters: ['at', 'revision', 'populate'],
    answer: 'AuditState',
    problems: [404, 409],
  },
  {
    controller: EntityStatesController,
    handler: 'states',
    summary:
      'The entities that had some values: `where.status="open"`; or those of some ids, null where there was none',
    parameters: ['at', 'revision', 'where', 'id', 'limit', 'cursor'],
    answer: 'AuditStatePage',
    problems: [404, 409],
  },
  {
    controller: EntityStatesController,
    handler: 'diff',
    summary: 'Differences between two points in time',
    parameters: ['point.from', 'point.to'],
    answer: 'AuditDiff',
    problems: [404, 409],
  },
  {
    controller: EntityStatesController,
    handler: 'blame',
    summary: 'Who gave each property its present value, when and why',
    parameters: ['details'],
    answer: 'AuditBlame',
    problems: [404, 409],
  },
  {
    controller: ExportController,
    handler: 'export',
    summary: 'Changes as a file: NDJSON, whose last line is its manifest, or CSV',
    parameters: [...FILTER_PARAMETERS, 'order', 'format'],
    answer: ['application/x-ndjson', 'text/csv'],
  },
  {
    controller: ExportController,
    handler: 'manifest',
    summary: 'Contents of an export: count and SHA-256',
    parameters: [...FILTER_PARAMETERS, 'order', 'format'],
    answer: 'AuditExportManifest',
  },
  {
    controller: ActivityController,
    handler: 'activity',
    summary: 'How many changes there were, by day',
    parameters: [...FILTER_PARAMETERS, 'timeZone'],
    answer: 'AuditActivity',
  },
  {
    controller: CountsController,
    handler: 'counts',
    summary: 'How many changes there were, by what they have in common',
    parameters: [...FILTER_PARAMETERS, 'by', 'limit'],
    answer: 'AuditCounts',
  },
  {
    controller: CoverageController,
    handler: 'coverage',
    summary: 'Audited part of the database, and how one knows',
    parameters: [],
    answer: 'AuditCoverage',
  },
  {
    controller: EventsController,
    handler: 'events',
    summary: 'Revisions as they are committed, as server-sent events',
    parameters: [],
    answer: ['text/event-stream'],
    headers: ['last-event-id'],
    problems: [503],
  },
  {
    controller: ProofsController,
    handler: 'checkpoint',
    summary: 'The newest signed checkpoint of a sealed trail',
    parameters: [],
    answer: ['text/plain'],
    problems: [404],
  },
  {
    controller: ProofsController,
    handler: 'proof',
    summary: 'Proof of a change by a checkpoint, as a file: a C2SP tlog-proof',
    parameters: [],
    answer: ['text/plain'],
    problems: [404, 409],
  },
  {
    controller: ProofsController,
    handler: 'record',
    summary: 'The record that a proof is of: the row with its salts, for who sees all of it',
    parameters: [],
    answer: ['application/json'],
    problems: [404, 409],
  },
  {
    controller: RestoreController,
    handler: 'planEntity',
    summary: 'Plan to restore an entity',
    parameters: [],
    answer: 'AuditRestorePlan',
    body: 'AuditPlanRequest',
    problems: [404, 409, 415],
  },
  {
    controller: RestoreController,
    handler: 'restoreEntity',
    summary: 'Restores an entity',
    parameters: [],
    answer: 'AuditRestored',
    body: 'AuditRestoreRequest',
    problems: [404, 409, 415],
  },
  {
    controller: RestoreController,
    handler: 'planUndo',
    summary: 'Plan to undo a revision',
    parameters: [],
    answer: 'AuditRestorePlan',
    body: 'AuditPlanRevisionRequest',
    problems: [404, 409, 415],
  },
  {
    controller: RestoreController,
    handler: 'undo',
    summary: 'Undoes a revision',
    parameters: [],
    answer: 'AuditRestored',
    body: 'AuditRestoreRequest',
    problems: [404, 409, 415],
  },
];
