import type { ComponentChildren } from 'preact';
import type { Change } from '../model/trail.js';
import { EntityLink } from './entity-link.js';
import { FieldDiff } from './field-diff.js';
import { OperationBadge } from './operation-badge.js';
import { SealNote } from './seal-note.js';

const SIDES = { create: 'after', update: 'both', delete: 'before', baseline: 'after' } as const;

interface ChangeCardProps {
  readonly change: Change;
  /** Left out where the page is about the entity. */
  readonly showsEntity?: boolean;
  readonly children?: ComponentChildren;
}

/** A change with all its values. */
export function ChangeCard({ change, showsEntity = true, children }: ChangeCardProps) {
  const name = `${change.entityType} ${change.entityId}`;
  return (
    <div class="change-card">
      {(showsEntity || children !== undefined) && (
        <header class="change-head">
          <OperationBadge operation={change.operation} />
          {showsEntity && (
            <EntityLink
              type={change.entityType}
              id={change.entityId}
              label={change.labels?.own ?? null}
              isDeleted={change.operation === 'delete'}
            />
          )}
          {children}
        </header>
      )}
      <FieldDiff
        entityType={change.entityType}
        fields={change.fields}
        labels={change.labels}
        sides={SIDES[change.operation]}
        caption={`Values of ${name}`}
      />
      <SealNote id={change.id} seal={change.seal} />
    </div>
  );
}
