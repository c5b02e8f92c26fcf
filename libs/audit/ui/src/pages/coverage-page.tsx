import { CoverageChecks } from '../components/coverage-checks.js';
import { CoverageEntities } from '../components/coverage-entities.js';
import { CoverageFindings } from '../components/coverage-findings.js';
import { ProblemState, Skeleton } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import type { Coverage } from '../model/coverage.js';
import { useResource } from '../state/use-resource.js';
import { useViewer } from '../state/viewer-context.js';

/** The audited part of the database, and how one knows. */
export function CoveragePage() {
  const { api } = useViewer();
  const { value, problem, reload } = useResource('coverage', (signal) =>
    api.get<Coverage>('coverage', undefined, signal),
  );
  return (
    <div class="single">
      <div class="page-head">
        <PageTitle title="Coverage" />
      </div>
      {problem !== undefined && <ProblemState problem={problem} onRetry={reload} />}
      {value === undefined && problem === undefined && <Skeleton lines={5} />}
      {value !== undefined && (
        <>
          <Summary coverage={value} />
          {value.checks !== null && <CoverageChecks checks={value.checks} />}
          <CoverageFindings findings={value.findings} />
          <CoverageEntities entities={value.entities} unaudited={value.unaudited} />
        </>
      )}
    </div>
  );
}

function Summary({ coverage: { entities, unaudited, findings } }: { readonly coverage: Coverage }) {
  const fates = entities.flatMap(({ properties }) => properties);
  const count = (fate: string): number => fates.filter((one) => one.fate === fate).length;
  const grave = findings.filter(({ severity }) => severity !== 'info').length;
  return (
    <dl class="coverage-figures">
      <Figure
        name="Entities audited"
        value={entities.length}
        of={unaudited === null ? '' : `of ${entities.length + unaudited.length}`}
      />
      <Figure name="Properties recorded" value={count('recorded')} of={`of ${fates.length}`} />
      <Figure name="Masked" value={count('masked')} />
      <Figure name="Ignored" value={count('ignored')} />
      <Figure name="To look into" value={grave} isBad={grave > 0} />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number;
  readonly of?: string;
  readonly isBad?: boolean;
}

function Figure({ name, value, of = '', isBad = false }: FigureProps) {
  return (
    <div class={isBad ? 'coverage-figure is-bad' : 'coverage-figure'}>
      <dt>{name}</dt>
      <dd>
        <strong>{value.toLocaleString()}</strong> {of !== '' && <span class="muted">{of}</span>}
      </dd>
    </div>
  );
}
