import { describe, expect, test } from '@jest/globals';
import { type ExactJson, parseExactJson } from './exact-json.js';
import { ANY_VALUE, sameValue } from './normal-value.js';
import { type ColumnType, normalize } from './normalize.js';

function agree(kind: ColumnType['kind'], table: string, trail: string, array = false): boolean {
  const type = { kind, array };
  return sameValue(
    normalize(parseExactJson(table), type, 'table'),
    normalize(parseExactJson(trail), type, 'trail'),
  );
}

describe('normalize', () => {
  test.each<[ColumnType['kind'], string, string]>([
    ['number', '9007199254740993', '"9007199254740993"'],
    ['number', '1.50', '"1.5"'],
    ['number', '1E+3', '"1000.000"'],
    ['number', '-0.0', '0'],
    ['number', '"NaN"', '{"$number":"NaN"}'],
    ['float', '0.1', '0.1'],
    ['float', '100000000000000000000000', '1e23'],
    ['float', '"Infinity"', '{"$number":"Infinity"}'],
    ['real', '0.1', '0.10000000149011612'],
    ['instant', '"2024-02-29T23:59:59.123456+02:00"', '"2024-02-29T21:59:59.123Z"'],
    ['instant', '"2024-02-29T23:59:59"', '"2024-02-29T23:59:59.000Z"'],
    ['instant', '"0044-03-15T00:00:00+00:00 BC"', '"-000043-03-15T00:00:00.000Z"'],
    ['instant', '"infinity"', '"infinity"'],
    ['date', '"2024-02-29"', '"2024-02-29"'],
    ['time', '"10:00:00"', '"10:00:00.000"'],
    ['bytes', String.raw`"\\x6869"`, '{"$bytes":"aGk="}'],
    ['bytes', String.raw`"\\x"`, '{"$bytes":""}'],
    ['json', '{"a":[1.0,"1"],"b":null}', '{"b":null,"a":[1,"1"]}'],
    ['json', '{"$x":1}', '{"$object":[["$x",1]]}'],
    ['json', '{"password":"x"}', '{"password":{"$mask":{"kind":"redact"}}}'],
    ['text', '"é"', '"é"'],
    ['text', 'true', 'true'],
    ['text', 'null', 'null'],
  ])('%s %s is the same as %s', (kind, table, trail) => {
    expect(agree(kind, table, trail)).toBe(true);
  });

  test.each<[ColumnType['kind'], string, string]>([
    ['number', '9007199254740993', '9007199254740992'],
    ['number', '1.50', '"1.51"'],
    ['instant', '"2024-02-29T23:59:59.124Z"', '"2024-02-29T23:59:59.123Z"'],
    ['bytes', String.raw`"\\x6869"`, '"aGk="'],
    ['json', '1', '"1"'],
    ['json', '[1,2]', '[2,1]'],
    ['json', '{"a":1}', '{"a":1,"b":null}'],
    ['text', '"a"', '"a "'],
    ['text', '""', 'null'],
    ['text', '"a"', '{"a":1}'],
  ])('%s %s is not the same as %s', (kind, table, trail) => {
    expect(agree(kind, table, trail)).toBe(false);
  });

  test('arrays compare item by item, also nested ones', () => {
    expect(agree('number', '[[1,2],[3,null]]', '[["1","2"],["3",null]]', true)).toBe(true);
    expect(agree('text', '["a"]', '"{a}"', true)).toBe(false);
  });

  test('tags mean something in the trail only', () => {
    const masked: ExactJson = { $mask: 'x' };
    expect(normalize(masked, { kind: 'json', array: false }, 'trail')).toBe(ANY_VALUE);
    expect(normalize(masked, { kind: 'json', array: false }, 'table')).toEqual({ $mask: '"x' });
  });

  test('members of stored objects are found under both names', () => {
    const type: ColumnType = {
      kind: 'object',
      array: false,
      members: [
        { stored: 'zip_code', name: 'zipCode', type: { kind: 'json', array: false } },
        { stored: 'since', name: 'since', type: { kind: 'instant', array: false } },
      ],
    };
    const table = normalize({ zip_code: 'A1', since: '2024-01-01T00:00:00.000Z' }, type, 'table');
    const trail = normalize({ zipCode: 'A1', since: '2024-01-01T00:00:00Z', gone: null }, type, 'trail');
    expect(sameValue(table, trail)).toBe(true);
    expect(
      sameValue(
        normalize([{ zip_code: 'A1' }], type, 'table'),
        normalize([{ zipCode: 'A2' }], type, 'trail'),
      ),
    ).toBe(false);
  });
});
