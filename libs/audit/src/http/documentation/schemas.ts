type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string' };
const NULLABLE_TEXT = { type: 'string', nullable: true };
const INSTANT = { type: 'string', format: 'date-time' };
const ANY_OBJECT = { type: 'object', additionalProperties: true };
const NULLABLE_OBJECT = { ...ANY_OBJECT, nullable: true };
const VALUE = {
  description:
    'JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}`',
};

const object = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', properties });
const list = (items: Schema): Schema => ({ type: 'array', items });
const nullable = (schema: Schema): Schema => ({ ...schema, nullable: true });
const counts = { type: 'object', additionalProperties: { type: 'integer' } };

const ACTOR = object({
  type: { type: 'string', enum: ['user', 'service', 'system', 'anonymous', 'unknown'] },
  id: NULLABLE_TEXT,
  label: NULLABLE_TEXT,
});

const BRIEF_PROPERTIES = {
  id: TEXT,
  recordedAt: INSTANT,
  actor: ACTOR,
  onBehalfOf: nullable(ACTOR),
  action: NULLABLE_TEXT,
  reason: NULLABLE_TEXT,
  restoredRevisionId: NULLABLE_TEXT,
};

const REVISION_PROPERTIES = {
  ...BRIEF_PROPERTIES,
  outcome: { type: 'string', enum: ['success', 'failure', 'denied'] },
  authenticationMethod: NULLABLE_TEXT,
  origin: NULLABLE_OBJECT,
  correlationId: NULLABLE_TEXT,
  traceId: NULLABLE_TEXT,
  spanId: NULLABLE_TEXT,
  metadata: NULLABLE_OBJECT,
};

const FIELD = object({ path: TEXT, before: VALUE, after: VALUE });

const CHANGE_PROPERTIES = {
  id: TEXT,
  entityType: TEXT,
  entityId: TEXT,
  rootType: NULLABLE_TEXT,
  rootId: NULLABLE_TEXT,
  operation: { type: 'string', enum: ['create', 'update', 'delete'] },
  fields: list(FIELD),
  labels: NULLABLE_OBJECT,
};

const page = (item: Schema): Schema => object({ items: list(item), nextCursor: NULLABLE_TEXT });
const REVISION = object(REVISION_PROPERTIES);
const REVISION_OF_CHANGE = {
  ...REVISION,
  required: Object.keys(BRIEF_PROPERTIES),
  description: 'Who, when and why; the rest is there with `details=true`',
};
const ACTIONS = { type: 'object', additionalProperties: { type: 'boolean' } };

/** What the routes answer with, in the words of OpenAPI. */
export const SCHEMAS = {
  access: object({ actions: ACTIONS, entities: list(ANY_OBJECT) }),
  changes: page(object({ ...CHANGE_PROPERTIES, revision: REVISION_OF_CHANGE })),
  latest: object({ items: list(nullable(object({ ...CHANGE_PROPERTIES, revision: REVISION_OF_CHANGE }))) }),
  revisions: page(object({ ...REVISION_PROPERTIES, counts })),
  revision: object({
    ...REVISION_PROPERTIES,
    changes: list(object(CHANGE_PROPERTIES)),
    nextCursor: NULLABLE_TEXT,
  }),
  changesOfRevision: page(object(CHANGE_PROPERTIES)),
  state: object({ state: NULLABLE_OBJECT }),
  states: page(NULLABLE_OBJECT),
  diff: object({ fields: list(FIELD) }),
  blame: object({
    properties: nullable(
      list(
        object({
          path: TEXT,
          value: VALUE,
          changeId: NULLABLE_TEXT,
          operation: NULLABLE_TEXT,
          revision: nullable(REVISION_OF_CHANGE),
        }),
      ),
    ),
  }),
  counts: object({
    items: list(
      object({
        actor: ACTOR,
        action: NULLABLE_TEXT,
        entityType: TEXT,
        entityId: TEXT,
        changes: { type: 'integer' },
        revisions: { type: 'integer' },
      }),
    ),
    groups: { type: 'integer' },
    changes: { type: 'integer' },
    countedFrom: nullable(INSTANT),
  }),
  activity: object({
    days: list(object({ day: TEXT, total: { type: 'integer' }, byEntityType: counts })),
    countedFrom: INSTANT,
  }),
  plan: ANY_OBJECT,
  restored: object({ revisionId: NULLABLE_TEXT }),
  manifest: ANY_OBJECT,
  problem: object({
    type: TEXT,
    title: TEXT,
    status: { type: 'integer' },
    detail: TEXT,
    code: TEXT,
    parameter: TEXT,
  }),
} as const satisfies Readonly<Record<string, Schema>>;
