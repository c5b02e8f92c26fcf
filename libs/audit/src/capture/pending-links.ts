import type { JsonObject } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { linkIds } from '../serialize/links.js';
import type { RecordedLinks } from './link-capture.js';
import type { LinkChange } from './relation-capture.js';
import type { RowDraft } from './row-draft.js';

interface EntityLinks {
  readonly codec: EntityCodec;
  readonly entityId: string;
  readonly byRelation: Map<string, LinkChange>;
}

/** Link changes that wait for the change of their entity. */
export class PendingLinks {
  private readonly byEntity = new Map<string, EntityLinks>();

  constructor(changes: Iterable<RecordedLinks>) {
    for (const { codec, entityId, name, change } of changes) {
      this.linksOf(codec, entityId).byRelation.set(name, change);
    }
  }

  /** The draft with the links of its entity, which then do not wait any more. */
  takeInto<Draft extends RowDraft>(draft: Draft): Draft {
    if (this.byEntity.size === 0) {
      return draft;
    }
    const key = keyOf(draft.codec, draft.entityId);
    const links = this.byEntity.get(key);
    if (!links || (draft.operation === 'update' && isAny(links, 'deleted'))) {
      // An update of a row that is deleted later in the flush may turn out to be none.
      return draft;
    }
    this.byEntity.delete(key);
    if (draft.operation === 'delete' && isAny(links, 'recreated')) {
      this.keepForCreate(key, links);
    }
    return withLinks(draft, links);
  }

  /** A row that is deleted and inserted again has two changes, each with links. */
  private keepForCreate(key: string, links: EntityLinks): void {
    const recreated = [...links.byRelation].filter(([, { row }]) => row === 'recreated');
    this.byEntity.set(key, { ...links, byRelation: new Map(recreated) });
  }

  /** Updates of the entities that change by nothing but their links. */
  rest(): readonly RowDraft[] {
    return [...this.byEntity.values()].map((links) =>
      withLinks(
        {
          codec: links.codec,
          operation: 'update',
          entityId: links.entityId,
          root: null,
          before: {},
          after: {},
        },
        links,
      ),
    );
  }

  private linksOf(codec: EntityCodec, entityId: string): EntityLinks {
    const key = keyOf(codec, entityId);
    const links = this.byEntity.get(key) ?? { codec, entityId, byRelation: new Map() };
    this.byEntity.set(key, links);
    return links;
  }
}

function keyOf(codec: EntityCodec, entityId: string): string {
  return JSON.stringify([codec.policy.entityType, entityId]);
}

function isAny({ byRelation }: EntityLinks, row: LinkChange['row']): boolean {
  return [...byRelation.values()].some((change) => change.row === row);
}

function withLinks<Draft extends RowDraft>(draft: Draft, { byRelation }: EntityLinks): Draft {
  const before: Record<string, JsonObject> = {};
  const after: Record<string, JsonObject> = {};
  for (const [name, change] of byRelation) {
    if (draft.operation !== 'create' && isRecorded(change.before)) {
      before[name] = change.before;
    }
    if (draft.operation !== 'delete' && isRecorded(change.after)) {
      after[name] = change.after;
    }
  }
  return { ...draft, linksBefore: before, linksAfter: after };
}

/** No difference is left out; an empty list of an ordered relation says something. */
function isRecorded(links: JsonObject): boolean {
  return '$list' in links || (linkIds(links)?.length ?? 0) > 0;
}
