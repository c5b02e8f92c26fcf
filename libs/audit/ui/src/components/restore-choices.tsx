import { CheckGroup } from './filter-fields.js';

/** The chosen part of an entity. */
export interface RestoreScope {
  readonly withChildren: boolean;
  /** Paths; null for all. */
  readonly properties: readonly string[] | null;
}

interface RestoreChoicesProps {
  readonly scope: RestoreScope;
  /** Paths that restoring everything would set back; none where they cannot be chosen. */
  readonly offered: readonly string[];
  readonly onChange: (scope: RestoreScope) => void;
}

/** Which properties, and whether what belongs to the entity comes along. */
export function RestoreChoices({ scope, offered, onChange }: RestoreChoicesProps) {
  const choose = (chosen: readonly string[]): void => {
    const properties = offered.filter((path) => chosen.includes(path));
    onChange({ ...scope, properties: properties.length === offered.length ? null : properties });
  };
  return (
    <div class="restore-choices">
      {offered.length > 1 && (
        <CheckGroup
          legend="Properties"
          options={offered}
          chosen={scope.properties ?? offered}
          onChange={choose}
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={scope.withChildren}
          onChange={() => onChange({ ...scope, withChildren: !scope.withChildren })}
        />
        <span>Also what belongs to it, as it was at the same time</span>
      </label>
    </div>
  );
}
