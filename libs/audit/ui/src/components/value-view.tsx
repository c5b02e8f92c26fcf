import type { PropertyAccess } from '../model/access.js';
import type { Json } from '../model/trail.js';
import { ownValue } from '../values/own-value.js';
import { shownValue } from '../values/value-kind.js';
import { Icon } from './icon.js';
import { JsonTree } from './json-tree.js';
import { Link } from './link.js';
import { LongText } from './long-text.js';
import { TimeStamp } from './time-stamp.js';

interface ValueViewProps {
  /** Undefined when there is none. */
  readonly value: Json | undefined;
  readonly property?: PropertyAccess | undefined;
  /** Labels of the entities that the property refers to, by id. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A value as it is; what is hidden, cut or unreadable says so. */
export function ValueView({ value, property, labels }: ValueViewProps) {
  const shown = shownValue(value, property?.type);
  const target = property?.kind === 'to-one' || property?.kind === 'to-many' ? property.targetType : null;
  if (target !== null && (shown.kind === 'text' || shown.kind === 'number')) {
    return <Target type={target} id={shown.text} label={ownValue(labels, shown.text)} />;
  }
  if (target !== null && property?.kind === 'to-many' && Array.isArray(value)) {
    return <Targets type={target} ids={value} labels={labels} />;
  }
  switch (shown.kind) {
    case 'absent':
      return <span class="value-none">–</span>;
    case 'null':
      return <span class="value-none">empty</span>;
    case 'text':
      return shown.text === '' ? <span class="value-none">empty text</span> : <LongText text={shown.text} />;
    case 'number':
    case 'boolean':
      return <span class="value-number">{shown.text}</span>;
    case 'time':
      return <TimeStamp instant={shown.instant} as="value" />;
    case 'tree':
      return <JsonTree json={shown.json} leaf={(leaf) => <ValueView value={leaf} />} />;
    case 'masked':
      return (
        <span class="value-special" title={`Masked when it was recorded (${shown.mask})`}>
          <Icon name="lock" /> masked
          {shown.rest !== null && (
            <span class="code"> {shown.mask === 'last4' ? `…${shown.rest}` : shown.rest.slice(0, 8)}</span>
          )}
        </span>
      );
    case 'hidden':
      return (
        <span class="value-special" title="Your access does not include this value">
          <Icon name="lock" /> not shown to you
        </span>
      );
    case 'binary':
      return (
        <span class="value-special" title={shown.base64.slice(0, 200)}>
          {shown.bytes} bytes
        </span>
      );
    case 'cut':
      return (
        <span class="value-cut">
          {shown.prefix !== '' && <LongText text={`${shown.prefix}…`} />}
          <span class="value-special">
            cut when it was recorded{shown.bytes !== null && `, ${shown.bytes.toLocaleString()} bytes`}
          </span>
        </span>
      );
    case 'undecodable':
      return (
        <span class="value-special" title="The trail does not hold this value in a form that can be shown">
          unreadable <span class="code">{shown.raw}</span>
        </span>
      );
  }
}

function Target({
  type,
  id,
  label,
}: {
  readonly type: string;
  readonly id: string;
  readonly label: string | undefined;
}) {
  return (
    <span class="target">
      <Link to={{ page: 'entity', type, id }}>{label ?? `${type} ${id}`}</Link>
      {label !== undefined && (
        <span class="entity-id">
          {' '}
          {type} {id}
        </span>
      )}
    </span>
  );
}

function Targets({
  type,
  ids,
  labels,
}: {
  readonly type: string;
  readonly ids: readonly Json[];
  readonly labels: Readonly<Record<string, string>> | undefined;
}) {
  if (ids.length === 0) return <span class="value-none">none</span>;
  return (
    <span class="targets">
      {ids.map((id) => {
        const key = typeof id === 'string' ? id : JSON.stringify(id);
        return <Target key={key} type={type} id={key} label={ownValue(labels, key)} />;
      })}
    </span>
  );
}
