import { sealRow } from '../leaf/leaf.js';
import { newSeed } from '../leaf/row-salts.js';
import { SEALED_COLUMNS, type SealedColumn, type SealedRow } from '../leaf/sealed-columns.js';
import { MemoryLog, rowOf } from './memory-log.fixture.js';

/** The tampering with a log, and the position that shows it; null where no single one does. */
interface Draw {
  readonly log: MemoryLog;
  /** A position that a checkpoint covers. */
  readonly place: number;
  /** Another one. */
  readonly other: number;
  readonly text: string;
}

type Mutation = (draw: Draw) => number | null;

const edit = ({ log, place }: Draw, changes: Partial<SealedRow>): void =>
  log.edit(place, (row) => ({ ...row, ...changes }));

const JSON_COLUMN = new Set<SealedColumn>([
  'before',
  'after',
  'labels',
  'origin',
  'metadata',
  'onBehalfOf',
  'targets',
  'reads',
]);

/** Gives the rows positions from 0 on again, as somebody does who has put one in or taken one out. */
function renumber({ log }: Draw): void {
  log.stored = log.stored.map((stored, position) => ({ ...stored, position }));
}

/** One column of one row is edited, by the column. */
export const COLUMN_EDITS = Object.fromEntries(
  SEALED_COLUMNS.map((column): [string, Mutation] => [
    `${column} of a row is another one`,
    (draw) => {
      edit(draw, {
        [column]: JSON_COLUMN.has(column) ? JSON.stringify({ forged: draw.text }) : `forged ${draw.text}`,
      });
      return draw.place;
    },
  ]),
);

/** Ways to tamper with a log, by their names. */
export const MATRIX: Readonly<Record<string, Mutation>> = {
  ...COLUMN_EDITS,
  'a value of a property is another one': (draw) => {
    edit(draw, { after: JSON.stringify({ count: draw.text, name: 'new' }) });
    return draw.place;
  },
  'a row is edited, and its hash made anew': (draw) => {
    const { log, place } = draw;
    edit(draw, { actorId: draw.text });
    const stored = log.stored[place];
    if (stored?.row) {
      const { leafHash, seed } = sealRow(stored.row);
      log.stored[place] = { ...stored, leafHash, salts: seed };
    }
    return place;
  },
  'a row is edited, and the whole tree made anew': (draw) => {
    edit(draw, { actorId: draw.text });
    draw.log.recompute();
    return draw.place;
  },
  'an older time is written into a row': (draw) => {
    edit(draw, { recordedAt: '2020-01-01T00:00:00Z' });
    return draw.place;
  },
  'a row is deleted': ({ log, place }) => {
    const stored = log.stored[place];
    if (stored) {
      log.stored[place] = { ...stored, row: null };
    }
    return place;
  },
  'a row is deleted with its position': ({ log, place }) => {
    log.stored.splice(place, 1);
    return place;
  },
  'a row is deleted, and those behind it move up': (draw) => {
    draw.log.stored.splice(draw.place, 1);
    renumber(draw);
    return null;
  },
  'a row is deleted, and the whole tree made anew': ({ log, place }) => {
    log.stored.splice(place, 1);
    log.recompute();
    return null;
  },
  'a range of rows is dropped, as a partition is': ({ log, place, other }) => {
    const [from, to] = [Math.min(place, other), Math.max(place, other)];
    log.stored = log.stored.map((stored) =>
      stored.position >= from && stored.position <= to ? { ...stored, row: null } : stored,
    );
    return from;
  },
  'a row is put in': (draw) => {
    const { log, place, text } = draw;
    const row = rowOf(place, { id: '999999', actorId: text });
    const { leafHash, seed } = sealRow(row);
    log.stored.splice(place, 0, { position: place, changeId: '999999', leafHash, salts: seed, row });
    renumber(draw);
    return null;
  },
  'a row is put in, and the whole tree made anew': (draw) => {
    const { log, place } = draw;
    log.stored.splice(place, 0, {
      position: place,
      changeId: '999999',
      leafHash: Buffer.alloc(32),
      salts: newSeed(),
      row: rowOf(place, { id: '999999', actorId: draw.text }),
    });
    log.recompute();
    return null;
  },
  'two rows change places': ({ log, place, other }) => {
    const [one, two] = [log.stored[place], log.stored[other]];
    if (one && two) {
      log.stored[place] = { ...one, row: two.row };
      log.stored[other] = { ...two, row: one.row };
    }
    return place;
  },
  'two rows change places with all that belongs to them': ({ log, place, other }) => {
    const [one, two] = [log.stored[place], log.stored[other]];
    if (one && two) {
      log.stored[place] = { ...two, position: place };
      log.stored[other] = { ...one, position: other };
    }
    return null;
  },
  'two rows change places, and the whole tree is made anew': ({ log, place, other }) => {
    const [one, two] = [log.stored[place], log.stored[other]];
    if (one && two) {
      log.stored[place] = two;
      log.stored[other] = one;
    }
    log.recompute();
    return null;
  },
  'a row stands for two positions': ({ log, place, other }) => {
    const two = log.stored[other];
    if (two) {
      log.stored[place] = { ...two, position: place };
    }
    return null;
  },
  'the end is cut off': ({ log, place }) => {
    log.stored = log.stored.slice(0, place);
    return place;
  },
  'the end is cut off, and other rows are written': ({ log, place, text }) => {
    log.stored = log.stored.slice(0, place);
    log.recompute();
    for (let next = place; next < place + 60; next += 1) {
      log.append(rowOf(next, { reason: text }));
    }
    return place;
  },
  'salts are others': ({ log, place }) => {
    const stored = log.stored[place];
    if (stored) {
      log.stored[place] = { ...stored, salts: newSeed() };
    }
    return place;
  },
  'salts are gone': ({ log, place }) => {
    const stored = log.stored[place];
    if (stored) {
      log.stored[place] = { ...stored, salts: null };
    }
    return place;
  },
  'a bit of a hash is another one': ({ log, place, other }) => {
    const stored = log.stored[place];
    if (stored) {
      const leafHash = Buffer.from(stored.leafHash);
      leafHash[other % 32] = (leafHash[other % 32] ?? 0) ^ (1 << (other % 8));
      log.stored[place] = { ...stored, leafHash };
    }
    return place;
  },
};
