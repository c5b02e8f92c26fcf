import { diffSequences } from './sequence-diff.js';

/** A piece of text that both have, or only one. */
export interface TextPiece {
  readonly side: 'both' | 'before' | 'after';
  readonly text: string;
}

/** Words, white space and single signs; joined they are the text. */
const TOKENS = /[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu;

/** A text is worth comparing word by word from this length on. */
const MIN_LENGTH = 24;

/** Pieces in common below this share make a difference that is harder to read than the two texts. */
const MIN_COMMON = 0.3;

/** The difference of two texts by words. The pieces of one side, with those of both, are the text of that side. */
export function diffWords(before: string, after: string): readonly TextPiece[] {
  const runs = diffSequences(tokens(before), tokens(after));
  return joined(runs.map(({ side, items }) => ({ side, text: items.join('') })));
}

/** The same, or null when the texts are short or have little in common, so that one reads them better whole. */
export function readableWordDiff(before: string, after: string): readonly TextPiece[] | null {
  if (Math.min(before.length, after.length) < MIN_LENGTH) return null;
  const pieces = diffWords(before, after);
  const common = pieces.reduce((sum, { side, text }) => sum + (side === 'both' ? text.length : 0), 0);
  return common / Math.max(before.length, after.length) < MIN_COMMON ? null : pieces;
}

function tokens(text: string): readonly string[] {
  return text.match(TOKENS) ?? [];
}

/** Changed words with nothing but white space between them are one change: people read phrases. */
function joined(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const result: TextPiece[] = [];
  let was = '';
  let is = '';
  const flush = (): void => {
    if (was !== '') result.push({ side: 'before', text: was });
    if (is !== '') result.push({ side: 'after', text: is });
    was = '';
    is = '';
  };
  for (const [index, { side, text }] of pieces.entries()) {
    const isGap = /^\s+$/.test(text) && was !== '' && is !== '' && index < pieces.length - 1;
    if (side === 'both' && !isGap) {
      flush();
      result.push({ side, text });
    } else {
      was += side === 'after' ? '' : text;
      is += side === 'before' ? '' : text;
    }
  }
  flush();
  return result;
}
