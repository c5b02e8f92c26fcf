import type { ComponentChildren } from 'preact';
import type { Json, Revision } from '../model/trail.js';
import { NO_FILTERS, writeFilters } from '../routing/filters.js';
import { ownValue } from '../values/own-value.js';
import { CopyButton } from './copy-button.js';
import { JsonTree } from './json-tree.js';
import { Link } from './link.js';
import { ValueView } from './value-view.js';

const NAMES: Readonly<Record<string, string>> = {
  source: 'Source',
  method: 'Method',
  route: 'Route',
  handler: 'Handler',
  ip: 'IP address',
  userAgent: 'User agent',
};

/** Where a revision came from, and what belongs to it. */
export function Facts({ revision }: { readonly revision: Revision }) {
  const { origin, correlationId, metadata } = revision;
  const known = Object.entries(origin ?? {}).filter(([, value]) => value !== null && value !== '');
  if (known.length === 0 && correlationId === null && metadata === null) return null;
  return (
    <dl class="facts">
      {correlationId !== null && (
        <Fact name="Request">
          <Link
            to={{ page: 'timeline' }}
            query={writeFilters({ ...NO_FILTERS, correlationId })}
            class="code"
            title="Show everything that this request caused"
          >
            {correlationId}
          </Link>
          <CopyButton text={correlationId} what="correlation id" />
        </Fact>
      )}
      {known.map(([name, value]) => (
        <Fact key={name} name={ownValue(NAMES, name) ?? name}>
          <span class="fact-text">{asText(value)}</span>
        </Fact>
      ))}
      {metadata !== null && (
        <Fact name="Metadata" isWide>
          <JsonTree json={metadata} leaf={(value) => <ValueView value={value} />} />
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

function Fact({ name, isWide = false, children }: FactProps) {
  return (
    <div class={isWide ? 'fact fact-wide' : 'fact'}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
