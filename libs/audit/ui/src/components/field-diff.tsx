import type { ComponentChildren } from 'preact';
import { type PropertyAccess, propertyAccess } from '../model/access.js';
import type { ChangeLabels, FieldChange, Json } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { areComparableTrees, diffJson, pathText } from '../values/json-diff.js';
import { ownValue } from '../values/own-value.js';
import { shownValue } from '../values/value-kind.js';
import { readableWordDiff, type TextPiece } from '../values/word-diff.js';
import { PathText } from './path-text.js';
import { ValueView } from './value-view.js';

interface FieldDiffProps {
  readonly entityType: string;
  readonly fields: readonly FieldChange[];
  readonly labels?: ChangeLabels | null | undefined;
  /** Which sides there are: a creation has no before, a deletion no after. */
  readonly sides?: 'both' | 'before' | 'after';
  readonly headings?: readonly [before: string, after: string];
  readonly caption: string;
}

interface Row {
  readonly name: string;
  readonly field: FieldChange;
  readonly property: PropertyAccess | undefined;
}

/** Fields side by side: the words, or the leaves of JSON trees, that differ are marked. */
export function FieldDiff({ entityType, fields, labels, sides = 'both', headings, caption }: FieldDiffProps) {
  const { access } = useViewer();
  if (fields.length === 0) return <p class="muted">No values.</p>;
  const rows = fields.flatMap((field) => rowsOf(field, propertyAccess(access, entityType, field.path)));
  const [before, after] = headings ?? ['Before', 'After'];
  return (
    <table class={`fields fields-${sides}`}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Property</th>
          {sides !== 'after' && <th scope="col">{sides === 'both' ? before : 'Value'}</th>}
          {sides !== 'before' && <th scope="col">{sides === 'both' ? after : 'Value'}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <FieldRow
            key={row.name}
            row={row}
            sides={sides}
            headings={[before, after]}
            labels={ownValue(labels?.targets, row.field.path)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface FieldRowProps {
  readonly row: Row;
  readonly sides: 'both' | 'before' | 'after';
  readonly headings: readonly [string, string];
  readonly labels: Readonly<Record<string, string>> | undefined;
}

function FieldRow({ row: { name, field, property }, sides, headings, labels }: FieldRowProps) {
  const pieces = sides === 'both' ? wordPieces(field, property) : null;
  const cell = (side: 'before' | 'after', value: Json | undefined): ComponentChildren =>
    pieces === null ? (
      <ValueView value={value} property={property} labels={labels} />
    ) : (
      <Pieces pieces={pieces} side={side} />
    );
  return (
    <tr>
      <th scope="row">
        <PathText path={name} />
      </th>
      {sides !== 'after' && (
        <td class={sides === 'both' && field.before !== undefined ? 'was' : ''} data-heading={headings[0]}>
          {cell('before', field.before)}
        </td>
      )}
      {sides !== 'before' && (
        <td class={sides === 'both' && field.after !== undefined ? 'is' : ''} data-heading={headings[1]}>
          {cell('after', field.after)}
        </td>
      )}
    </tr>
  );
}

/** One side of a difference of words. */
function Pieces({
  pieces,
  side,
}: {
  readonly pieces: readonly TextPiece[];
  readonly side: 'before' | 'after';
}) {
  const shown = pieces.filter((piece) => piece.side === 'both' || piece.side === side);
  return (
    <span class="text">
      {shown.map((piece, index) => {
        if (piece.side === 'both') return <span key={index}>{piece.text}</span>;
        return side === 'before' ? <del key={index}>{piece.text}</del> : <ins key={index}>{piece.text}</ins>;
      })}
    </span>
  );
}

/** JSON trees are shown leaf by leaf, anything else as a whole. */
function rowsOf(field: FieldChange, property: PropertyAccess | undefined): readonly Row[] {
  if (property?.kind === 'to-many' || !areComparableTrees(field.before, field.after)) {
    return [{ name: field.path, field, property }];
  }
  return diffJson(field.before, field.after).map(({ path, before, after }) => {
    const name =
      path.length === 0
        ? field.path
        : `${field.path}${typeof path[0] === 'number' ? '' : '.'}${pathText(path)}`;
    const leaf = {
      path: field.path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    };
    return { name, field: leaf, property: undefined };
  });
}

function wordPieces(field: FieldChange, property: PropertyAccess | undefined): readonly TextPiece[] | null {
  const before = shownValue(field.before, property?.type);
  const after = shownValue(field.after, property?.type);
  if (before.kind !== 'text' || after.kind !== 'text' || property?.kind === 'to-one') return null;
  return readableWordDiff(before.text, after.text);
}
