import type { INestApplication } from '@nestjs/common';

/** MikroORM prints the statements of the app with their parameters: those say what the app does, not what the trail does. */
const OF_THE_APP =
  /"(?:vault|visit|holder|vault_holders|vault_tokens)"|\b(?:vault|vault_holders|vault_tokens)\b/;
const OF_THE_TRAIL = /audit_|audit:/;

/** Everything that is logged at any level, and all that the process prints. */
export class LogLines {
  private readonly lines: string[] = [];
  private readonly restore: (() => void)[] = [];

  readonly add = (...line: unknown[]): void => {
    this.lines.push(line.map(String).join(' '));
  };

  listen(app: INestApplication): void {
    const { add } = this;
    app.useLogger({ log: add, warn: add, error: add, fatal: add, debug: add, verbose: add });
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      stream.write = ((...of: Parameters<typeof write>) => {
        add(of[0]);
        return write(...of);
      }) as typeof write;
      this.restore.push(() => {
        stream.write = write;
      });
    }
  }

  end(): void {
    for (const one of this.restore.splice(0)) {
      one();
    }
  }

  get printed(): string {
    return this.lines.join('\n');
  }

  /** Without what MikroORM prints of the app's own statements. */
  get text(): string {
    const own = (line: string) => /\[query\]/.test(line) && OF_THE_APP.test(line) && !OF_THE_TRAIL.test(line);
    return this.lines.filter((line) => !own(line)).join('\n');
  }
}
