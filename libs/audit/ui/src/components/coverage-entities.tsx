import type { EntityCoverage, Fate, PropertyFate, UnauditedEntity } from '../model/coverage.js';
import { Icon } from './icon.js';

const OTHERS = {
  recorded: ['tag tag-good', 'all writes'],
  refused: ['tag', 'unit of work; others are refused'],
  warned: ['tag tag-warning', 'unit of work; others leave a warning'],
  allowed: ['tag tag-alert', 'unit of work; others leave no trace'],
  unnoticed: ['tag tag-alert', 'unit of work; others go unnoticed'],
} as const;

const FATES: readonly Fate[] = ['recorded', 'masked', 'ignored'];

interface CoverageEntitiesProps {
  readonly entities: readonly EntityCoverage[];
  readonly unaudited: readonly UnauditedEntity[] | null;
}

/** The fate of each entity and its properties. */
export function CoverageEntities({ entities, unaudited }: CoverageEntitiesProps) {
  return (
    <section>
      <h2 class="section-title">Entities</h2>
      <ul class="coverage-cards">
        {entities.map((entity) => (
          <li key={entity.entityType} class="coverage-card">
            <Entity entity={entity} />
          </li>
        ))}
      </ul>
      {unaudited !== null && unaudited.length > 0 && (
        <>
          <h2 class="section-title">In no policy</h2>
          <ul class="coverage-names">
            {unaudited.map(({ name, tableName, instance }) => (
              <li key={`${instance} ${name}`}>
                {name} <span class="muted code">{tableName}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Entity({ entity }: { readonly entity: EntityCoverage }) {
  const { entityType, tableName, otherWrites, withoutTriggers, properties } = entity;
  const [style, word] = OTHERS[otherWrites];
  return (
    <details>
      <summary class="coverage-head">
        <Icon name="chevron" />
        <strong>{entityType}</strong>
        <span class="muted code">{tableName}</span>
        <span class={style}>{word}</span>
        <span class="coverage-counts muted">{countsText(properties)}</span>
      </summary>
      {withoutTriggers !== null && <p class="muted">Triggers do not record it: {withoutTriggers}.</p>}
      {FATES.map((fate) => (
        <Properties key={fate} fate={fate} properties={properties.filter((one) => one.fate === fate)} />
      ))}
    </details>
  );
}

interface PropertiesProps {
  readonly fate: Fate;
  readonly properties: readonly PropertyFate[];
}

function Properties({ fate, properties }: PropertiesProps) {
  if (properties.length === 0) return null;
  return (
    <div class="coverage-fate">
      <p class="coverage-fate-name">{fate}</p>
      <ul class="coverage-names">
        {properties.map(({ path, mask }) => (
          <li key={path} class="code">
            {path} {mask !== null && <span class="tag">{mask}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function countsText(properties: readonly PropertyFate[]): string {
  return FATES.flatMap((fate) => {
    const count = properties.filter((one) => one.fate === fate).length;
    return count === 0 ? [] : [`${count} ${fate}`];
  }).join(', ');
}
