import { DecimalType } from '@mikro-orm/core';

/** Values as SQL has them: those that an application does not send, and other programs do. */
export interface LiteralCase {
  readonly name: string;
  readonly property: Readonly<Record<string, unknown>>;
  readonly literals: readonly string[];
}

/** @param literals one after the other, with ` | ` between them; after `!` comes an expression */
const column = (
  name: string,
  columnType: string,
  literals: string,
  type: unknown = 'string',
): LiteralCase => ({
  name: `Literal${name}`,
  property: { type, columnType },
  literals: literals
    .split(' | ')
    .map((literal) => (literal.startsWith('!') ? literal.slice(1) : `'${literal}'::${columnType}`)),
});

export const literalCases: readonly LiteralCase[] = [
  column(
    'Double',
    'double precision',
    'NaN | Infinity | -Infinity | -0 | 0 | 1e21 | 1e20 | 123456789012345680000 | 1e-7 | 0.000001 | 5e-324 | 1.7976931348623157e308 | 0.1 | -1.5',
    'double',
  ),
  column('Real', 'real', 'NaN | Infinity | -0 | 1e21 | 16777217 | 0.1 | 3.4028235e38 | 1e-45', 'float'),
  column(
    'Numeric',
    'numeric',
    'NaN | 1.0 | 1.00 | 1 | 12345678901234567890.123456789 | -0.0 | 1e-20',
    new DecimalType('string'),
  ),
  column('NumericScaled', 'numeric(10,2)', 'NaN | 1.005 | -0.001 | 1', new DecimalType('string')),
  column('Bigint', 'bigint', '9223372036854775807 | -1 | 0', 'bigint'),
  column(
    'Timestamptz',
    'timestamptz',
    '2024-05-01 10:00:00.123456+02 | 2024-05-01 08:00:00.123+00 | 2024-05-01 08:00:00+00 | infinity | -infinity | 0001-01-01 00:00:00+00 | 0044-03-15 12:00:00+00 BC | 0001-06-01 00:00:00+00 BC | 12024-01-01 00:00:00.5+00 | 9999-12-31 23:59:59.999999+00',
  ),
  column(
    'TimestamptzDate',
    'timestamptz',
    '2024-05-01 10:00:00.123456+02 | 2024-05-01 08:00:00.123999+00 | 2024-05-01 08:00:00.1+00 | 0044-03-15 12:00:00+00 BC | 0044-03-15 12:00:00.5+00 | 12024-01-01 00:00:00.5+00 | infinity | -infinity',
    'Date',
  ),
  column(
    'Timestamp',
    'timestamp',
    '2024-05-01 10:00:00.123456 | 2024-05-01 08:00:00 | infinity | 12024-01-01 00:00:00.5',
  ),
  column(
    'TimestampDate',
    'timestamp(3)',
    '2024-05-01 10:00:00.123456 | 12024-01-01 00:00:00.5 | -infinity',
    'Date',
  ),
  column('Date', 'date', '2024-02-29 | infinity | -infinity | 0044-03-15 BC | 12024-01-01', 'date'),
  column('Time', 'time', '10:00:00.5 | 24:00:00 | 00:00:00.000001', 'time'),
  column('Timetz', 'timetz', '10:00:00.5+05:30 | 24:00:00-12 | 10:00:00.5+05'),
  column(
    'Interval',
    'interval',
    '1 month | 30 days | -1 year -2 months +3 days -04:05:06.789 | 1 day -00:00:00.000001 | 0 | -1 days +24:00 | 1000000 hours | 12 months',
    'interval',
  ),
  column('Char', 'char(5)', 'ab | ab  | abcde | '),
  column('Varchar', 'varchar(5)', 'ab | ab  | '),
  column(
    'Text',
    'text',
    ` |   | 100% "x" \\\\ 😀 | !E'a\\\\u0001b\\nc\\u007f' | https://a:b@c | https://a@b/c | see ftp://u:p@h/x and so on | https://x.y/?a=1&access_token=abc | https://x.y/?page=1&size=2 | https://x.y/?X-Amz-Signature=1 | https://x.y/#id_token=1 | mailto:a:b@c | x?token=1 | https://x/?token=`,
  ),
  column('Bytea', 'bytea', ` | \\\\x00ff | !decode(repeat('ab', 100), 'hex')`, 'blob'),
  column('Uuid', 'uuid', '0B5E7E7A-4C5D-4F61-8D3D-0123456789AB', 'uuid'),
  column('Inet', 'inet', '10.0.0.1/8 | ::1 | 10.0.0.1'),
  column('Cidr', 'cidr', '10.0.0.0/8 | ::/0'),
  column('Macaddr', 'macaddr', '08:00:2b:01:02:03'),
  column('Point', 'point', '(1,2) | (0.1,-1e30) | (NaN,Infinity)'),
  column('Box', 'box', '(1,2),(3,4) | (0,0),(2,2) | (0,0),(1,4)'),
  column('Polygon', 'polygon', '((0,0),(1,1),(2,0))'),
  column('Bit', 'bit(3)', '101 | 000'),
  column('Varbit', 'bit varying', '101 | '),
  column('Xml', 'xml', '<a b="c"/> | <a/>'),
  column('Range', 'int4range', '[1,5) | empty | (,3]'),
  column('NumRange', 'numrange', '[1.0,2.0] | [1.00,2.0]'),
  column('Tstzrange', 'tstzrange', '[2024-01-01 00:00:00+02,infinity) | (,)'),
  column('Daterange', 'daterange', '[2024-01-01,2024-02-01]'),
  column('Multirange', 'int4multirange', '{[1,3),[5,7)} | {}'),
  column('Tsvector', 'tsvector', 'a:1 b:2 | '),
  column('Money', 'money', '12.34 | -1'),
  column('Oid', 'oid', '1 | 4294967295'),
  column('Jsonpath', 'jsonpath', '$.a[*]'),
  column(
    'Jsonb',
    'jsonb',
    'null | !null | "x" | 1.50 | 1.5 | 1e2 | 100 | [] | {} | {"a": null} | {"b":1,"a":[1,{"c":2}]} | {"a":[1,{"c":2}],"b":1.0} | {"$date":"x"} | {"$date":"x","a":1} | {"a":{"$x":{"$y":[{"$z":1}]}}}',
    'json',
  ),
  column(
    'JsonbSecret',
    'jsonb',
    '{"password":"x"} | {"a":{"apiKey":null,"ok":1}} | [{"name":"token","value":"x"},{"name":"color","value":"red"}] | {"headers":[["authorization","x"],["accept","y"]]} | {"argv":["Authorization","Bearer x","Accept","y"]} | {"pairs":[["a","b"],["c",1]]} | {"url":"https://u:p@h"} | {"url":"https://h/?a=b"} | {"tokenCount":1,"keys":["a"]} | {"$password":1} | {"$a":{"secret":1}} | {"code":1,"key":2,"url":"x","link":3,"id":4,"note":"the token of a password"} | {"größe":1,"contraseña":2} | {"key":"password","value":null,"data":[1]} | {"name":"password"} | {"old":{"pin":1234},"new":{"mapPin":1}}',
    'json',
  ),
  column(
    'Json',
    'json',
    `null | "x" | 1.50 | {"a":1,"a":2} |  {"b":1, "a":2}  | {"a":2,"b":1} | {"password":"x"} | {"$x":1} | "\\\\u00e4\\\\ud83d\\\\ude00" | "ä😀" | "a\\\\\\\\u0000"`,
    'json',
  ),
  column(
    'TextJson',
    'text',
    `null | "x" | 1.50 | {"a":1,"a":2} |  {"b":1, "a":[true,false,null,-1.5e3,""]}  | {"password":"x"} | no json | {"a":1 | [1 2] |  | 01 | !E'"a\\nb"' | !E'[\\x01]' | {"a":[[],{}]} | [,] | "\\\\x"`,
    'json',
  ),
  column(
    'TextArray',
    'text[]',
    '{a,NULL,"b,c"} | {{a,b},{c,NULL}} | [2:3]={a,b} | {a,b} | {} | {https://u:p@h,x} | {authorization,x,y} | {{password,x},{a,b}} | {{a,x},{a,b}}',
  ),
  column('IntArray', 'int[]', '{1,NULL} | {{1,2},{3,4}} | {}'),
  column('BigintArray', 'bigint[]', '{9223372036854775807,NULL} | {{1},{2}}'),
  column('DoubleArray', 'double precision[]', '{NaN,Infinity,-0,0.1,NULL} | {{NaN,1},{2,3}} | {}'),
  column('NumericArray', 'numeric(10,2)[]', '{1.005,NULL} | {{1,2},{3,4}}'),
  column(
    'TimestamptzArray',
    'timestamptz[]',
    '{"2024-05-01 10:00:00.123456+02",infinity,NULL} | {{"2024-05-01 10:00:00+02"},{"2024-05-01 10:00:00.5+02"}} | {}',
  ),
  column('DateArray', 'date[]', '{2024-02-29,infinity,NULL}'),
  column('IntervalArray', 'interval[]', '{"1 month","30 days",NULL}'),
  column('ByteaArray', 'bytea[]', `!array['\\\\x00ff'::bytea, null] | {}`),
  column('JsonbArray', 'jsonb[]', `!array['{"password":1}'::jsonb, null, '{"$a":1}', '1'] | {}`),
  column('InetArray', 'inet[]', '{10.0.0.1/8,"::1",NULL}'),
  column('RangeArray', 'int4range[]', '{"[1,5)",NULL}'),
  column('BoolArray', 'boolean[]', '{t,f,NULL}'),
  column('CharArray', 'char(3)[]', '{a,"b c"}'),
  column('PointArray', 'point[]', '{"(1,2)","(3,4)"}'),
];
