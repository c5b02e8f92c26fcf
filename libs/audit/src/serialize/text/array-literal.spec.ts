import { describe, expect, it } from '@jest/globals';
import { parseArrayLiteral } from './array-literal.js';

describe('parseArrayLiteral', () => {
  it.each([
    ['{}', []],
    [' { } ', []],
    ['{a,b}', ['a', 'b']],
    ['{ a , b c }', ['a', 'b c']],
    ['{"a,b","","{}"," x "}', ['a,b', '', '{}', ' x ']],
    ['{"\\"q\\"","back\\\\slash"}', ['"q"', 'back\\slash']],
    ['{a\\,b,\\n}', ['a,b', 'n']],
    ['{NULL,null,Null,"NULL",\\null}', [null, null, null, 'NULL', 'null']],
    [
      '{{1,2},{3,NULL}}',
      [
        ['1', '2'],
        ['3', null],
      ],
    ],
    ['[0:1]={a,b}', ['a', 'b']],
    ['{\t\n}', []],
  ])('reads %j', (text, elements) => {
    expect(parseArrayLiteral(text)).toEqual(elements);
  });

  it.each(['', 'a', '{', '{a', '{a,b', '{a}b', '{"a}', '{{a}', '{{a}b}', '[1,2]', '{a\\'])(
    'refuses %j',
    (text) => {
      expect(parseArrayLiteral(text)).toBeUndefined();
    },
  );
});
