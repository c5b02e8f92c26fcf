import type { ComponentChildren } from 'preact';
import type { Json } from '../model/trail.js';
import { shownValue } from '../values/value-kind.js';

const MAX_MEMBERS = 100;
const MANY = 8;
const MAX_OPEN_DEPTH = 3;

/** Shows a value that is no tree. */
type Leaf = (value: Json) => ComponentChildren;

type Tree = readonly Json[] | { readonly [key: string]: Json };

/** JSON as a tree of names and values; what is large or deep begins folded. */
export function JsonTree({ json, leaf }: { readonly json: Tree; readonly leaf: Leaf }) {
  const count = Object.keys(json).length;
  if (count === 0)
    return <span class="value-none">{Array.isArray(json) ? 'empty list' : 'empty object'}</span>;
  if (count <= MANY) return <Members json={json} leaf={leaf} depth={1} />;
  return <Fold name={null} json={json} leaf={leaf} depth={0} />;
}

interface BranchProps {
  /** Null at the root. */
  readonly name: string | null;
  readonly json: Tree;
  readonly leaf: Leaf;
  readonly depth: number;
}

function Fold({ name, json, leaf, depth }: BranchProps) {
  const count = Object.keys(json).length;
  return (
    <details class="tree-fold" open={depth > 0 && depth < MAX_OPEN_DEPTH && count <= MANY}>
      <summary>
        {name !== null && <span class="tree-name">{name}</span>} {countText(json, count)}
      </summary>
      <Members json={json} leaf={leaf} depth={depth + 1} />
    </details>
  );
}

function Members({ json, leaf, depth }: Omit<BranchProps, 'name'>) {
  const members = Object.entries(json) as readonly (readonly [string, Json])[];
  return (
    <ul class="tree">
      {members.slice(0, MAX_MEMBERS).map(([name, value]) => (
        <li key={name}>
          <Member name={name} value={value} leaf={leaf} depth={depth} />
        </li>
      ))}
      {members.length > MAX_MEMBERS && <li class="muted">and {members.length - MAX_MEMBERS} more</li>}
    </ul>
  );
}

interface MemberProps {
  readonly name: string;
  readonly value: Json;
  readonly leaf: Leaf;
  readonly depth: number;
}

function Member({ name, value, leaf, depth }: MemberProps) {
  const shown = shownValue(value);
  if (shown.kind === 'tree' && Object.keys(shown.json).length > 0)
    return <Fold name={name} json={shown.json} leaf={leaf} depth={depth} />;
  return (
    <>
      <span class="tree-name">{name}</span> {leaf(value)}
    </>
  );
}

function countText(json: Tree, count: number): string {
  const noun = Array.isArray(json) ? 'item' : 'member';
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}
