import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventParser } from './event-parser.js';

const STREAM =
  ': heartbeat\n\nevent: revision\nid: 7\ndata: {"id":\ndata: "7"}\n\ndata:x\r\n\r\nevent: nothing\n\n';
const EVENTS = [
  { event: 'revision', data: '{"id":\n"7"}', id: '7' },
  { event: 'message', data: 'x', id: null },
];

describe('an event stream', () => {
  it('gives the same events however it is cut into pieces', () => {
    const cuts = fc.array(fc.nat(STREAM.length)).map((some) => some.sort((left, right) => left - right));
    fc.assert(
      fc.property(cuts, (positions) => {
        const parser = new EventParser();
        const pieces = [0, ...positions].map((start, index) => STREAM.slice(start, positions[index]));
        expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(EVENTS);
      }),
    );
  });

  it('gives no event before it is complete', () => {
    const parser = new EventParser();
    expect(parser.push('data: a\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ event: 'message', data: 'a', id: null }]);
  });
});
