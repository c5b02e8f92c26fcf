import type { Blame } from '../../model/blame.js';
import type { Change, FieldChange, Operation } from '../../model/change.js';
import type { ChangeLabels } from '../../model/change-labels.js';
import type { JsonValue } from '../../model/json.js';
import type { EntityTypes } from '../../query/terms/entity-types.js';
import type { HiddenPaths } from '../access/hidden-paths.js';
import { LabelView } from '../access/label-view.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { type RevisionBriefView, type RevisionView, revisionOfChangeView } from './revision-view.js';
import { wireValue } from './wire-value.js';

/** One property of a change as the API shows it. */
export interface FieldView {
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** A change as the API shows it. */
export interface ChangeView {
  readonly id: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly partOfType: string | null;
  readonly partOfId: string | null;
  readonly operation: Operation;
  readonly fields: readonly FieldView[];
  readonly labels: ChangeLabels | null;
}

/** A change with its revision: whole where `details` are asked for, else who, when and why. */
export type ChangeOfRevisionView = ChangeView & { readonly revision: RevisionView | RevisionBriefView };

/** Who set a property of the present state, as the API shows it. */
export interface BlameView {
  readonly path: string;
  readonly value: JsonValue;
  readonly changeId: string | null;
  readonly operation: Operation | null;
  /** Whole where `details` are asked for, else who, when and why; null as `changeId`. */
  readonly revision: RevisionView | RevisionBriefView | null;
}

/** Shows changes as one reader may see them. */
export class ChangeViews {
  private readonly labels: LabelView;

  constructor(
    private readonly reader: ReaderAccess,
    types: EntityTypes,
  ) {
    this.labels = new LabelView(reader, types);
  }

  change(change: Omit<Change, 'revision'>): ChangeView {
    const { id, entityType, entityId, partOfType, partOfId, operation } = change;
    return {
      id,
      entityType,
      entityId,
      partOfType,
      partOfId,
      operation,
      fields: fieldViews(change.fields, this.reader.hiddenOf(entityType)),
      labels: change.labels && this.labels.visible(change.labels, entityType),
    };
  }

  changeOfRevision(change: Change): ChangeOfRevisionView {
    return { ...this.change(change), revision: revisionOfChangeView(change.revision) };
  }
}

export function fieldViews(fields: readonly FieldChange[], hidden: HiddenPaths): readonly FieldView[] {
  return fields.map(({ path, before, after }) => ({
    path,
    ...(before === undefined ? {} : { before: wireValue(path, before, hidden) }),
    ...(after === undefined ? {} : { after: wireValue(path, after, hidden) }),
  }));
}

export function blameViews(blame: readonly Blame[], hidden: HiddenPaths): readonly BlameView[] {
  return blame.map(({ path, value, changeId, operation, revision }) => ({
    path,
    value: wireValue(path, value ?? null, hidden),
    changeId,
    operation,
    revision: revision && revisionOfChangeView(revision),
  }));
}
