import type { Type } from '@nestjs/common';
import { ExportController } from '../export/export.controller.js';
import { FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { CHANGES_PAGE_PARAMETERS, PAGE_PARAMETERS } from '../parameters/page-parameters.js';
import { RestoreController } from '../restore/restore.controller.js';
import { AccessController } from '../routes/access.controller.js';
import { ActivityController } from '../routes/activity.controller.js';
import { ChangesController } from '../routes/changes.controller.js';
import { CountsController } from '../routes/counts.controller.js';
import { EntityHistoryController } from '../routes/entity-history.controller.js';
import { EntityLatestController } from '../routes/entity-latest.controller.js';
import { EntityStatesController } from '../routes/entity-states.controller.js';
import { EventsController } from '../routes/events.controller.js';
import { RevisionsController } from '../routes/revisions.controller.js';
import { SCHEMAS } from './schemas.js';

/** What one route does. */
export interface RouteDocumentation {
  readonly controller: Type<object>;
  readonly handler: string;
  readonly summary: string;
  /** Names of `PARAMETERS`. */
  readonly parameters: readonly string[];
  readonly answer: Readonly<Record<string, unknown>>;
}

const SEARCH = [...FILTER_PARAMETERS, ...PAGE_PARAMETERS];

/** Every route that is meant for programs. */
export const ROUTES: readonly RouteDocumentation[] = [
  {
    controller: AccessController,
    handler: 'access',
    summary: 'What the reader may do, and what there is',
    parameters: [],
    answer: SCHEMAS.access,
  },
  {
    controller: ChangesController,
    handler: 'changes',
    summary: 'Changes that have everything that is asked for',
    parameters: [...SEARCH, 'details'],
    answer: SCHEMAS.changes,
  },
  {
    controller: ChangesController,
    handler: 'revisions',
    summary: 'Revisions with a change that has everything that is asked for',
    parameters: SEARCH,
    answer: SCHEMAS.revisions,
  },
  {
    controller: RevisionsController,
    handler: 'revision',
    summary: 'Everything that happened together',
    parameters: [],
    answer: SCHEMAS.revision,
  },
  {
    controller: RevisionsController,
    handler: 'changes',
    summary: 'The changes of a revision, in the order of writing',
    parameters: ['limit', 'cursor'],
    answer: SCHEMAS.changesOfRevision,
  },
  {
    controller: EntityHistoryController,
    handler: 'history',
    summary: 'The changes of an entity',
    parameters: [...CHANGES_PAGE_PARAMETERS, 'property'],
    answer: SCHEMAS.changes,
  },
  {
    controller: EntityHistoryController,
    handler: 'story',
    summary: 'The changes of an entity and of everything that is part of it',
    parameters: CHANGES_PAGE_PARAMETERS,
    answer: SCHEMAS.changes,
  },
  {
    controller: EntityLatestController,
    handler: 'latest',
    summary: 'The newest change of each entity, in the order of the ids; null where there is none',
    parameters: ['id', 'details'],
    answer: SCHEMAS.latest,
  },
  {
    controller: EntityStatesController,
    handler: 'state',
    summary: 'What an entity was like',
    parameters: ['at', 'revision', 'populate'],
    answer: SCHEMAS.state,
  },
  {
    controller: EntityStatesController,
    handler: 'states',
    summary:
      'The entities that had some values: `where.status="open"`; or those of some ids, null where there was none',
    parameters: ['at', 'revision', 'id', 'limit', 'cursor'],
    answer: SCHEMAS.states,
  },
  {
    controller: EntityStatesController,
    handler: 'diff',
    summary: 'What differs between two points in time: times or `revision:42`, as `from` and `to`',
    parameters: [],
    answer: SCHEMAS.diff,
  },
  {
    controller: EntityStatesController,
    handler: 'blame',
    summary: 'Who gave each property its present value, when and why',
    parameters: ['details'],
    answer: SCHEMAS.blame,
  },
  {
    controller: ExportController,
    handler: 'export',
    summary: 'Changes as a file: NDJSON, whose last line is its manifest, or CSV',
    parameters: [...FILTER_PARAMETERS, 'order', 'format'],
    answer: { type: 'string', format: 'binary' },
  },
  {
    controller: ExportController,
    handler: 'manifest',
    summary: 'What an export would consist of: count and SHA-256',
    parameters: [...FILTER_PARAMETERS, 'order', 'format'],
    answer: SCHEMAS.manifest,
  },
  {
    controller: ActivityController,
    handler: 'activity',
    summary: 'How many changes there were, by day',
    parameters: [...FILTER_PARAMETERS, 'timeZone'],
    answer: SCHEMAS.activity,
  },
  {
    controller: CountsController,
    handler: 'counts',
    summary: 'How many changes there were, by what they have in common',
    parameters: [...FILTER_PARAMETERS, 'by', 'limit'],
    answer: SCHEMAS.counts,
  },
  {
    controller: EventsController,
    handler: 'events',
    summary: 'Revisions as they are committed, as server-sent events',
    parameters: [],
    answer: { type: 'string' },
  },
  {
    controller: RestoreController,
    handler: 'planEntity',
    summary: 'What restoring an entity would change: `{ to?, properties?, withChildren?, accept? }`',
    parameters: [],
    answer: SCHEMAS.plan,
  },
  {
    controller: RestoreController,
    handler: 'restoreEntity',
    summary: 'Restores an entity: `{ token, reason? }`',
    parameters: [],
    answer: SCHEMAS.restored,
  },
  {
    controller: RestoreController,
    handler: 'planRevision',
    summary: 'What undoing a revision would change: `{ accept? }`',
    parameters: [],
    answer: SCHEMAS.plan,
  },
  {
    controller: RestoreController,
    handler: 'restoreRevision',
    summary: 'Undoes a revision: `{ token, reason? }`',
    parameters: [],
    answer: SCHEMAS.restored,
  },
];
