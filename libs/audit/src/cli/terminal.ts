import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';

type Style = Parameters<typeof styleText>[0];

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** A text that is to stand out where colors are seen. */
interface Styled {
  readonly style: Style;
  readonly text: string;
}

/** A part of a line. */
export type Part = string | Styled;

/** Characters that are no text to a terminal, but orders, or that turn the order of others round. */
const ORDERS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

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
  private failure: Error | null = null;

  constructor(
    private readonly out: Output,
    private readonly err: Output,
  ) {
    for (const stream of [out, err]) {
      stream.on('error', (error: Error) => {
        this.failure ??= error;
      });
    }
  }

  /** A line of the answer. It stays one line, whatever names, keys and values are in it. */
  line(...parts: readonly Part[]): void {
    this.endProgress();
    this.out.write(`${parts.map((part) => this.rendered(part)).join('')}\n`);
  }

  /** An answer of several lines, of this program and not of a database. */
  lines(text: string): void {
    for (const line of text.split('\n')) {
      this.line(line);
    }
  }

  /** Lines that are no part of the answer. */
  note(text: string): void {
    this.endProgress();
    this.err.write(`${text.split('\n').map(harmless).join('\n')}\n`);
  }

  styled(style: Style, text: string): Part {
    return { style, text };
  }

  /**
   * Waits until all is handed over: a pipe takes text later than it is given. A reader that has gone away wanted no more.
   *
   * @throws whatever kept the answer from being written
   */
  async flushed(): Promise<void> {
    await Promise.all(
      [this.out, this.err].map((stream) => new Promise<void>((done) => stream.write('', () => done()))),
    );
    if (this.failure !== null && !('code' in this.failure && this.failure.code === 'EPIPE')) {
      throw this.failure;
    }
  }

  private rendered(part: Part): string {
    return typeof part === 'string'
      ? harmless(part)
      : styleText(part.style, harmless(part.text), { stream: this.out });
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
      this.bar.start(Math.max(total ?? done, done), done, { name: harmless(name) });
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

/** The text with what a terminal would obey written as JSON writes it, so that JSON stays JSON. */
function harmless(text: string): string {
  return text.replaceAll(
    ORDERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
