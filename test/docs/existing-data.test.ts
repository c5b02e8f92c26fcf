import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AuditCliApp } from '../cli/audit-cli-app.js';
import { fencedBlocks } from './markdown.js';

const TIMEOUT = 600_000;
const COMMAND = /^npx mikro-audit (.*?) +# exit code (\d)$/;

let app: AuditCliApp;

beforeAll(async () => {
  app = await AuditCliApp.create();
  await app.fill(200);
}, TIMEOUT);
afterAll(() => app?.close());

/** The parts of a command line, of which some are in quotes. */
function parts(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

it(
  'the guide takes the database of a stranger from nothing to a clean check',
  async () => {
    const lines = fencedBlocks('docs/03-guides/existing-data.md')
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.split('\n'));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const [, command = '', code] = COMMAND.exec(line) ?? [];
      const result = await app.run(parts(command));
      expect([line, result.code, result.output]).toEqual([line, Number(code), expect.any(String)]);
    }
  },
  TIMEOUT,
);
