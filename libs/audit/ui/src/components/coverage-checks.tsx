import type { CheckRound, CheckStatus } from '../model/coverage.js';
import { EmptyState } from './page-states.js';
import { TimeStamp } from './time-stamp.js';

const VERDICTS = {
  waiting: ['tag', 'Not begun'],
  clean: ['tag tag-good', 'Clean'],
  found: ['tag tag-alert', 'Something is wrong'],
  failed: ['tag tag-alert', 'Failed'],
  late: ['tag tag-alert', 'Late'],
} as const;

const KINDS: Readonly<Record<string, string>> = {
  'not-recorded': 'rows whose beginning the trail does not know',
  gone: 'entities that are gone',
  differs: 'values that differ',
  contradiction: 'contradictions in the trail',
};

/** Whether trail and tables agree, as the app has found by itself. */
export function CoverageChecks({ checks }: { readonly checks: readonly CheckStatus[] }) {
  return (
    <section>
      <h2 class="section-title">Check</h2>
      {checks.length === 0 && (
        <EmptyState title="The app does not check its trail by itself">
          <p>
            The option <code>check</code> has it do so; <code>mikro-audit check</code> does it once.
          </p>
        </EmptyState>
      )}
      <ul class="coverage-cards">
        {checks.map((status) => (
          <li key={status.instance} class="coverage-card">
            <Status status={status} isOnly={checks.length === 1} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Status({ status, isOnly }: { readonly status: CheckStatus; readonly isOnly: boolean }) {
  const { verdict, instance, beganAt, failure, round, lastRound } = status;
  const [style, word] = VERDICTS[verdict];
  return (
    <>
      <p class="coverage-head">
        <span class={style}>{word}</span>
        {!isOnly && <strong>{instance}</strong>}
        {beganAt !== null && (
          <span class="muted">
            last turn <TimeStamp instant={beganAt} />
          </span>
        )}
      </p>
      {failure !== null && <p class="code">{failure}</p>}
      {lastRound !== null && <Round round={lastRound} />}
      {round !== null && (lastRound === null || looked(round) > 0) && <Round round={round} />}
    </>
  );
}

function Round({ round }: { readonly round: CheckRound }) {
  const { endedAt, startedAt, entities, changes, rows, counts, entityTypes } = round;
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <div>
      <p>
        {endedAt === null ? (
          <>
            Going on since <TimeStamp instant={startedAt} />:
          </>
        ) : (
          <>
            Everything was looked at, until <TimeStamp instant={endedAt} />:
          </>
        )}{' '}
        {entities.toLocaleString()} entities with {changes.toLocaleString()} changes, {rows.toLocaleString()}{' '}
        rows.
      </p>
      {found.length > 0 && (
        <ul class="coverage-found">
          {found.map(([kind, count]) => (
            <li key={kind}>
              <strong>{count.toLocaleString()}</strong> {KINDS[kind] ?? kind}
            </li>
          ))}
          <li class="muted">
            {Object.entries(entityTypes)
              .map(([type, count]) => `${type}: ${count.toLocaleString()}`)
              .join(', ')}
          </li>
        </ul>
      )}
    </div>
  );
}

function looked({ entities, rows }: CheckRound): number {
  return entities + rows;
}
