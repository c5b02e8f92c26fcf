import type { ChangeLabels } from '../model/change-labels.js';
import type { JsonObject } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { linkIds } from '../serialize/entity/links.js';
import { objectFromPairs } from '../serialize/json/json-shape.js';
import type { RecordedLinks } from './link-capture.js';
import type { LinkChange } from './relation-capture.js';
import type { RowDraft } from './row-draft.js';

type LabelledLinks = LinkChange & Pick<RecordedLinks, 'labels'>;

interface EntityLinks {
  readonly codec: EntityCodec;
  readonly entityId: string;
  readonly byRelation: Map<string, LabelledLinks>;
}

/** Link changes that wait for the change of their entity. */
export class PendingLinks {
  private readonly byEntity = new Map<string, EntityLinks>();

  /** @param ownLabel what people call an entity; null when it has no label, or is not loaded */
  constructor(
    changes: Iterable<RecordedLinks>,
    private readonly ownLabel: (codec: EntityCodec, entityId: string) => string | null,
  ) {
    for (const { codec, entityId, name, change, labels } of changes) {
      this.linksOf(codec, entityId).byRelation.set(name, { ...change, labels });
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
          root: undefined,
          labels: this.ownLabels(links),
          before: {},
          after: {},
        },
        links,
      ),
    );
  }

  private ownLabels({ codec, entityId }: EntityLinks): ChangeLabels | null {
    const own = this.ownLabel(codec, entityId);
    return own === null ? null : { own, targets: {} };
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
  return {
    ...draft,
    linksBefore: before,
    linksAfter: after,
    labels: withTargets(draft.labels ?? null, byRelation),
  };
}

function withTargets(
  labels: ChangeLabels | null,
  links: ReadonlyMap<string, LabelledLinks>,
): ChangeLabels | null {
  const known = [...links].filter(([, { labels: ofLinks }]) => Object.keys(ofLinks).length > 0);
  return known.length === 0
    ? labels
    : {
        own: labels?.own ?? null,
        targets: {
          ...labels?.targets,
          ...objectFromPairs(known.map(([name, { labels: ofLinks }]) => [name, ofLinks] as const)),
        },
      };
}

/** No difference is left out; an empty list of an ordered relation says something. */
function isRecorded(links: JsonObject): boolean {
  return '$list' in links || (linkIds(links)?.length ?? 0) > 0;
}
