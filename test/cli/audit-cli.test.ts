import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../support/run-command.js';
import { isSoak } from '../support/soak.js';
import { AuditCliApp, BOOKS } from './audit-cli-app.js';

const TIMEOUT = 600_000;
const KILLS = isSoak ? 20 : 2;

/** Every module that an app loads with the library, by its URL. */
const LOADED = `
import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => { console.log(url); return next(url, context); } });
await import('nestjs-mikro-audit');
await import('nestjs-mikro-audit/http');
`;

describe('mikro-audit', () => {
  let app: AuditCliApp;

  beforeAll(async () => {
    app = await AuditCliApp.create();
    await app.fill(BOOKS);
  }, TIMEOUT);
  afterAll(() => app?.close());

  it(
    'tells what there is, and what is wrong with a command line',
    async () => {
      const help = await app.answer(['baseline', '--help']);
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/--rows-per-second/);
      const wrong = await app.run(['baselin']);
      expect([wrong.code, wrong.stdout]).toEqual([2, '']);
      expect(wrong.output).toMatch(/Did you mean baseline\?/);
      const notThere = await app.answer(['baseline', '--module', './nowhere.js#AppModule']);
      expect(notThere.code).toBe(2);
      expect(notThere.output).toMatch(/\[AUDIT_CLI\] .*nowhere\.js cannot be loaded/);
      const noNumber = await app.answer(['baseline', '--batch-size', 'many']);
      expect([noNumber.code, noNumber.output]).toEqual([2, expect.stringMatching(/"many" is no number/)]);
    },
    TIMEOUT,
  );

  it(
    'completes commands and options in a shell',
    async () => {
      const { stdout: script } = await app.answer(['completion', 'bash']);
      const words = (line: string): Promise<string> =>
        runCommand(
          'bash',
          [
            '-c',
            `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _mikro_audit; echo "\${COMPREPLY[@]}"`,
          ],
          { cwd: app.folder },
        );
      expect(await words('mikro-audit ba')).toBe('baseline\n');
      expect(await words('mikro-audit check --re')).toBe('--resume --read-from --record --reason\n');
      for (const [shell, line] of [
        ['zsh', /bashcompinit/],
        ['fish', /^complete -c mikro-audit -n '__fish_seen_subcommand_from doctor' -l strict -d 'warnings/m],
      ] as const) {
        expect((await app.answer(['completion', shell])).stdout).toMatch(line);
      }
      expect((await app.answer(['completion', 'cmd'])).code).toBe(2);
    },
    TIMEOUT,
  );

  it(
    'records a baseline that was killed again and again, each row once',
    async () => {
      for (let turn = 0; turn < KILLS; turn++) {
        await app.killWhileRecording(['baseline', '--batch-size', '50', '--rows-per-second', '2000']);
      }
      const { code, stdout } = await app.run(['baseline', '--json', '--reason', 'We begin.']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ complete: true });
      const [counted] = await app.query(`
      select count(*)::int as changes, count(distinct (entity_type, entity_id))::int as entities,
        count(*) filter (where after ->> 'secret' = 'hush')::int as secrets,
        count(*) filter (where entity_type = 'Book' and after -> 'readers' -> '$links' ->> 0 = after ->> 'author')::int as linked
      from audit_change where operation = 'baseline'`);
      expect(counted).toEqual({ changes: BOOKS + 50, entities: BOOKS + 50, secrets: 0, linked: BOOKS });
    },
    TIMEOUT,
  );

  it(
    'gives positions until it is told to end, and says how many',
    async () => {
      const isDone = async (notes: string) => {
        const [row] = await app.query<{ done: boolean }>(
          'select (select count(*) from audit_position) = (select count(*) from audit_change) as done',
        );
        return row?.done === true && notes !== '';
      };
      const { code, stdout } = await app.runUntil(['sequence', '--json'], isDone);
      const [trail] = JSON.parse(stdout);
      expect([code, trail]).toMatchObject([0, { instance: 'default', waiting: 0, waitingSince: null }]);
      expect(Number(trail.size)).toBeGreaterThan(BOOKS);
    },
    TIMEOUT,
  );

  it(
    'says so when there is nothing left to do, in colors only where they are asked for',
    async () => {
      const { stdout } = await app.run(['baseline', '--entity', 'Author'], { FORCE_COLOR: '1' });
      expect(stdout).toContain('\u001b[1mAuthor\u001b[22m: 0 of 50 rows recorded now');
    },
    TIMEOUT,
  );

  it(
    'checks the trail, names what somebody has edited, and records what is right',
    async () => {
      await app.client.query(`update book set title = 'Forged', secret = 'known' where id = 7`);
      const found = await app.answer(['check']);
      expect(found.code).toBe(1);
      expect(found.stdout).toMatch(
        /^differs Book 7\.title: trail "Book 7", found "Forged", after change \d+ of 20/,
      );
      expect(found.stdout).not.toMatch(/known/);
      const recorded = await app.answer([
        'check',
        '-e',
        'Book',
        '--record',
        '--reason',
        'Ticket 12',
        '--json',
      ]);
      expect([recorded.code, JSON.parse(recorded.stdout)]).toMatchObject([
        1,
        { corrected: 1, counts: { differs: 1 } },
      ]);
      expect((await app.answer(['check', '--json'])).code).toBe(0);
      const why = await app.query(
        'select operation, action, reason, actor_id, metadata from audit_change order by id desc limit 1',
      );
      expect(why).toEqual([
        {
          operation: 'baseline',
          action: 'audit.correct',
          reason: 'Ticket 12',
          actor_id: 'mikro-audit',
          metadata: { foundBy: 'AuditCheck' },
        },
      ]);
    },
    TIMEOUT,
  );

  it(
    'hands a long answer over whole, and no order to the terminal with it',
    async () => {
      const evil = `red\u001b[31m\u009b2J\u202e\r\n${'\u0007'.repeat(200)}`;
      await app.client.query('create table kept as select id, title from book');
      await app.client.query('update book set title = $1', [evil]);
      const json = await app.run(['check', '-e', 'Book', '--json', '--max-findings', '100000']);
      const { findings, counts } = JSON.parse(json.stdout);
      expect([json.code, findings.length, counts.differs]).toEqual([1, BOOKS, BOOKS]);
      expect(findings[0].found).toBe(evil);
      const text = await app.answer(['check', '-e', 'Book', '--max-findings', '3']);
      for (const { stdout } of [json, text]) {
        expect(stdout.trimEnd().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
      expect(text.stdout.trimEnd().split('\n')).toHaveLength(7);
      expect(text.stdout).toMatch(/^differs Book 10\.title: trail "Book 10", found "red\\u001b.+\.\.\./m);
      await app.client.query('update book set title = kept.title from kept where kept.id = book.id');
      expect((await app.answer(['check', '-e', 'Book'])).code).toBe(0);
    },
    TIMEOUT,
  );

  it(
    'looks at the database, for people and for machines',
    async () => {
      const { code, stdout } = await app.answer(['doctor']);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^info property-masked Book\.secret: Its values are hidden by the mask redact\.$/m,
      );
      expect(stdout).not.toContain('\u001b[');
      const strict = await app.answer(['doctor', '--strict', '--json']);
      expect(strict.code).toBe(1);
      expect(JSON.parse(strict.stdout)).toContainEqual(
        expect.objectContaining({ code: 'growth', severity: 'info' }),
      );
    },
    TIMEOUT,
  );

  it(
    'is not loaded by an app that does not use it',
    async () => {
      const { code, stdout } = await app.node(['--input-type=module', '--eval', LOADED]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/audit\/dist\/index\.js/);
      expect(stdout).not.toMatch(/dist\/cli\/|commander|cli-progress/);
    },
    TIMEOUT,
  );
});
