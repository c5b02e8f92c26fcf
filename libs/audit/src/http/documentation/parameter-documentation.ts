/** A query parameter in the words of OpenAPI. */
export interface ParameterDocumentation {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Where it is another than that in the list. */
  readonly name?: string;
  readonly required?: true;
  readonly style?: 'form';
  readonly explode?: true;
}

/** The headers that a route looks at. */
export const HEADERS: Readonly<Record<string, string>> = {
  'last-event-id': 'Id of the revision that was heard last',
  'if-none-match': 'The ETag of what one has',
};

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const INSTANT = { type: 'string', format: 'date-time' };
const words = (...values: readonly string[]) => ({ type: 'string', enum: values });

/** The meaning of the parameters of all routes, by name. */
export const PARAMETERS: Readonly<Record<string, ParameterDocumentation>> = {
  entity: { description: 'Name of an entity in the trail; several are any of them', schema: TEXTS },
  schema: { description: 'Schema of a tenant, where each has its own', schema: TEXT },
  id: { description: 'Id of an entity, once for each; needs one entity', schema: TEXTS },
  partOf: { description: '`type:id`, an entity with everything that is part of it', schema: TEXT },
  actor: { description: '`type:id`, either of which may be empty', schema: TEXT },
  onBehalfOf: { description: '`type:id`, either of which may be empty', schema: TEXT },
  action: { description: 'Business intent, such as `invoice.approve`', schema: TEXT },
  outcome: { description: 'How the action ended', schema: words('success', 'failure', 'denied') },
  revisionId: { description: 'Of this revision', schema: TEXT },
  restoredRevisionId: { description: 'Revisions that bring this one back', schema: TEXT },
  operation: {
    description: 'Kind of change; several are any of them',
    schema: { type: 'array', items: words('create', 'update', 'delete', 'baseline') },
  },
  property: { description: 'Path of a property that was changed; needs one entity', schema: TEXTS },
  value: {
    description:
      '`path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity',
    schema: TEXTS,
  },
  correlationId: { description: 'Everything that one request or job caused', schema: TEXT },
  from: { description: 'Recorded at this time or later', schema: INSTANT },
  until: { description: 'Recorded before this time', schema: INSTANT },
  text: { description: 'Somewhere in a value or a label, in any case', schema: TEXT },
  order: { description: 'By default the newest first', schema: words('newest', 'oldest') },
  limit: {
    description: 'Items of a page',
    schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
  },
  details: {
    description: 'Whether each revision is whole; else it says who, when and why',
    schema: { type: 'boolean', default: false },
  },
  cursor: { description: '`nextCursor` of the page before', schema: TEXT },
  at: { description: 'A time', schema: INSTANT },
  revision: { description: 'Id of a revision, instead of a time: the state after it', schema: TEXT },
  populate: { description: 'Relations to look up, dotted paths with commas in between', schema: TEXT },
  by: {
    description: 'By what changes are counted',
    schema: words('actor', 'action', 'entityType', 'entity'),
  },
  timeZone: { description: 'IANA name, whose days are counted', schema: { type: 'string', default: 'UTC' } },
  where: {
    description:
      'Members such as `where.status` with JSON, which the property must have had: `where.status="open"`',
    schema: { type: 'object', additionalProperties: TEXT },
    style: 'form',
    explode: true,
  },
  'point.from': { name: 'from', required: true, description: 'A time, or `revision:42`', schema: TEXT },
  'point.to': { name: 'to', required: true, description: 'A time, or `revision:42`', schema: TEXT },
  format: { description: 'Of the file', schema: words('ndjson', 'csv') },
};
