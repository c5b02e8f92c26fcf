import type { JsonObject } from '../../model/json.js';
import { RowMap, type RowName } from '../../model/row-map.js';
import { linkIds } from '../../serialize/entity/links.js';
import { type Draft, rowOf } from '../record/draft.js';
import { type LinkChange, sidesOf, wholeSidesOf } from './link-change.js';

const NO_DRAFTS: readonly Draft[] = [];

/** Link changes that wait for the change of their entity. */
export class PendingLinks {
  private readonly byEntity = new RowMap<LinkChange[]>();
  private readonly isEmpty: boolean;

  /** @param isRecreated whether a row was deleted and inserted again, and so has two changes */
  constructor(
    changes: readonly LinkChange[],
    private readonly isRecreated: (row: RowName) => boolean,
  ) {
    this.isEmpty = changes.length === 0;
    for (const change of changes) {
      const name = rowOf(change);
      this.byEntity.set(name, [...(this.byEntity.get(name) ?? []), change]);
    }
  }

  /** The draft with the links of its entity, which then do not wait any longer. */
  takeInto(draft: Draft): Draft {
    if (this.isEmpty) {
      return draft;
    }
    const name = rowOf(draft);
    const links = this.byEntity.get(name);
    if (!links) {
      return draft;
    }
    const isRecreated = this.isRecreated(name);
    if (!(isRecreated && draft.operation === 'delete')) {
      this.byEntity.delete(name);
    }
    return withLinks(draft, links, isRecreated);
  }

  /** Updates of the entities that change by nothing but their links. */
  rest(): readonly Draft[] {
    if (this.isEmpty) {
      return NO_DRAFTS;
    }
    return [...this.byEntity.values()].flatMap((links) => {
      const [first] = links;
      return first
        ? [
            withLinks(
              {
                codec: first.codec,
                operation: 'update',
                entityId: first.entityId,
                entity: null,
                partOf: undefined,
                before: {},
                after: {},
                links: null,
                open: null,
              },
              links,
              false,
            ),
          ]
        : [];
    });
  }
}

function withLinks(draft: Draft, links: readonly LinkChange[], isWhole: boolean): Draft {
  const before: Record<string, JsonObject> = {};
  const after: Record<string, JsonObject> = {};
  for (const change of links) {
    const [lost = {}, came = {}] = isWhole ? wholeSidesOf(change) : sidesOf(change);
    if (draft.operation !== 'create' && isRecorded(lost)) {
      before[change.name] = lost;
    }
    if (draft.operation !== 'delete' && isRecorded(came)) {
      after[change.name] = came;
    }
  }
  return { ...draft, links: { before, after } };
}

/** No difference is left out; an empty list of an ordered relation says something. */
function isRecorded(links: JsonObject): boolean {
  return '$list' in links || (linkIds(links)?.length ?? 0) > 0;
}
