import type { Finding } from '../model/coverage.js';

const STYLES = { error: 'tag tag-alert', warning: 'tag tag-warning', info: 'tag' } as const;

/** The findings of the doctor; mere notes are folded. */
export function CoverageFindings({ findings }: { readonly findings: readonly Finding[] }) {
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const notes = findings.filter(({ severity, code }) => severity === 'info' && !FATES.test(code));
  return (
    <section>
      <h2 class="section-title">Findings</h2>
      {grave.length === 0 && <p class="muted">The doctor has nothing to say against it.</p>}
      <Findings findings={grave} />
      {notes.length > 0 && (
        <details class="table-fold">
          <summary>{notes.length === 1 ? '1 note' : `${notes.length} notes`}</summary>
          <Findings findings={notes} />
        </details>
      )}
    </section>
  );
}

/** These stand with their entities. */
const FATES = /^(?:entity-unaudited|property-ignored|property-masked)$/;

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul class="coverage-cards">
      {findings.map(({ code, severity, subject, message, remedy }) => (
        <li key={`${code} ${subject} ${message}`} class={`coverage-card coverage-${severity}`}>
          <p class="coverage-head">
            <span class={STYLES[severity]}>{severity}</span>
            <span class="code">{code}</span>
            <strong>{subject}</strong>
          </p>
          <p>{message}</p>
          {remedy !== null && <p class="muted">{remedy}</p>}
        </li>
      ))}
    </ul>
  );
}
