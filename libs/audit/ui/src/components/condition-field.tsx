import { useState } from 'preact/hooks';
import type { PropertyAccess } from '../model/access.js';
import { writeCondition } from '../routing/filter-chips.js';
import { SelectField, TextField } from './filter-fields.js';

const OPERATORS = [
  ['eq', 'is'],
  ['gt', 'is more than'],
  ['gte', 'is at least'],
  ['lt', 'is less than'],
  ['lte', 'is at most'],
  ['empty', 'is empty'],
  ['filled', 'is not empty'],
] as const;

interface ConditionFieldProps {
  readonly properties: readonly PropertyAccess[];
  readonly onAdd: (condition: string) => void;
}

/** Makes a condition on a value before or after, such as "price becomes more than 500". */
export function ConditionField({ properties, onAdd }: ConditionFieldProps) {
  const [path, setPath] = useState(properties[0]?.path ?? '');
  const [side, setSide] = useState('to');
  const [operator, setOperator] = useState('eq');
  const [text, setText] = useState('');
  const needsText = operator !== 'empty' && operator !== 'filled';
  const add = (): void => {
    const type = properties.find((property) => property.path === path)?.type ?? 'string';
    onAdd(writeCondition(path, side, operator, text, type));
    setText('');
  };
  return (
    <fieldset class="condition">
      <legend>Value condition</legend>
      <SelectField
        id="condition-path"
        label="Property"
        value={path}
        options={properties.map((one) => [one.path, one.path])}
        onChange={setPath}
      />
      <SelectField
        id="condition-side"
        label="When"
        value={side}
        options={[
          ['to', 'after the change'],
          ['from', 'before the change'],
        ]}
        onChange={setSide}
      />
      <SelectField
        id="condition-operator"
        label="Condition"
        value={operator}
        options={OPERATORS}
        onChange={setOperator}
      />
      {needsText && (
        <TextField id="condition-value" label="Value to compare with" value={text} onCommit={setText} />
      )}
      <button type="button" class="button" disabled={needsText && text === ''} onClick={add}>
        Add condition
      </button>
    </fieldset>
  );
}
