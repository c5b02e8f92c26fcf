import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';

type Style = Parameters<typeof styleText>[0];

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** How far something has come. */
export interface Progress {
  readonly name: string;
  readonly done: number;
  /** About; null when nobody knows. */
  readonly total: number | null;
}

/**
 * Where a command writes to: what it has to say to stdout, how far it has come to stderr. Colors and bars are for terminals
 * only; `NO_COLOR` and `FORCE_COLOR` are heard.
 */
export class Terminal {
  private bar: SingleBar | null = null;
  private shown: string | null = null;

  constructor(
    private readonly out: Output,
    private readonly err: Output,
  ) {}

  /** A line of the answer. */
  line(text = ''): void {
    this.endProgress();
    this.out.write(`${text}\n`);
  }

  /** A line that is no part of the answer. */
  note(text: string): void {
    this.endProgress();
    this.err.write(`${text}\n`);
  }

  styled(style: Style, text: string): string {
    return styleText(style, text, { stream: this.out });
  }

  /** A bar with an estimate of the time that is left, for one name after the other; nothing where nobody looks. */
  progress({ name, done, total }: Progress): void {
    if (this.err.isTTY !== true) {
      return;
    }
    if (this.shown !== name) {
      this.endProgress();
      this.shown = name;
      this.bar = new SingleBar(
        {
          format: '{name} {bar} {percentage}% | {value} of about {total} | {eta_formatted} left',
          stream: this.err,
          formatTime: timeText,
        },
        Presets.shades_classic,
      );
      this.bar.start(Math.max(total ?? done, done), done, { name });
    }
    this.bar?.setTotal(Math.max(total ?? done, done));
    this.bar?.update(done);
  }

  endProgress(): void {
    this.bar?.stop();
    this.bar = null;
    this.shown = null;
  }
}

/** An estimate of whole seconds; nobody knows one before something has been done. */
function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return '?';
  }
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.round(seconds)} s`;
}
