import type { JsonObject } from '../../model/json.js';
import type { StoredRow } from '../../query/search/trail-export.js';
import type { AuditedInstance } from '../../query/terms/audit-catalog.js';
import type { EntityTypes } from '../../query/terms/entity-types.js';
import { objectFromPairs } from '../../serialize/json/json-shape.js';
import { LabelView } from '../access/label-view.js';
import type { ReaderAccess } from '../access/reader-access.js';

/** Shows stored changes, and actions without any, as one reader may see them. */
export class StoredRowViews {
  private readonly labels: LabelView;

  constructor(
    private readonly reader: ReaderAccess,
    types: EntityTypes,
    private readonly instance: AuditedInstance,
  ) {
    this.labels = new LabelView(reader, types);
  }

  /** The row without what is hidden from the reader. */
  row({ change, revision }: StoredRow): StoredRow {
    if (change === null) {
      return { change, revision };
    }
    const policy = this.instance.policies.ofType(change.entityType);
    const entityType = policy?.entityType ?? change.entityType;
    const hidden = this.reader.hiddenOf(entityType);
    const show = (values: JsonObject | null) =>
      values &&
      objectFromPairs(
        Object.entries(values).map(
          ([stored, value]) =>
            [stored, hidden.apply(policy?.formerPaths.present(stored) ?? stored, value)] as const,
        ),
      );
    return {
      change: {
        ...change,
        before: hidden.isEmpty ? change.before : show(change.before),
        after: hidden.isEmpty ? change.after : show(change.after),
        labels: change.labels && this.labels.visible(change.labels, entityType),
      },
      revision,
    };
  }
}
