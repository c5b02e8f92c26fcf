import { describe, expect, it } from '@jest/globals';
import { encodeLinkList, encodeLinks, isLinkDifference, linkIds } from './links.js';

describe('links', () => {
  it('are a difference or a whole list, and both give their ids', () => {
    const [difference, list] = [encodeLinks(['1', '2']), encodeLinkList(['2', '1'])];
    expect([difference, list]).toEqual([{ $links: ['1', '2'] }, { $list: ['2', '1'] }]);
    expect([linkIds(difference), linkIds(list)]).toEqual([
      ['1', '2'],
      ['2', '1'],
    ]);
    expect([isLinkDifference(difference), isLinkDifference(list)]).toEqual([true, false]);
    expect(isLinkDifference(encodeLinks([]))).toBe(true);
  });

  it.each([undefined, null, 'x', ['1'], {}, { $links: 'x' }, { $links: ['1'], a: 1 }, { links: ['1'] }])(
    'are not %j',
    (value) => {
      expect(linkIds(value)).toBeUndefined();
      expect(isLinkDifference(value)).toBe(false);
    },
  );
});
