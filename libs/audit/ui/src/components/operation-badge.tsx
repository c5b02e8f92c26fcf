import type { Operation } from '../model/trail.js';
import { Icon } from './icon.js';

const WORDS = { create: 'created', update: 'changed', delete: 'deleted', baseline: 'found' } as const;

/** The operation, as a sign and a word. */
export function OperationBadge({ operation }: { readonly operation: Operation }) {
  return (
    <span class={`operation operation-${operation}`}>
      <Icon name={operation} />
      {WORDS[operation] ?? operation}
    </span>
  );
}
