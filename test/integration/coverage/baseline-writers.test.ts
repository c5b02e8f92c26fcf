import { beforeAll, describe, expect, it } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AuditBaseline, AuditCheck, Audited, type CheckFinding } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { untilBlocked } from '../../support/until-blocked.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited()
@Entity()
class Tag {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited()
@Entity()
class Page {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  edits!: number;

  @ManyToMany({ entity: () => Tag })
  tags = new Collection<Tag>(this);

  /** Its link table has no foreign keys, so nothing but a lock on the table holds up who adds a link. */
  @ManyToMany({ entity: () => Tag, pivotTable: 'page_loose', createForeignKeyConstraint: false })
  loose = new Collection<Tag>(this);
}

const WRITERS = 4;
const PAGES = isSoak ? 12_000 : 400;
const TAGS = 6;

describe('a check beside deletions', () => {
  // The first to ask gets the only connection, so deletions come between all statements of the check.
  const app = useAuditedApp({ entities: [Tag, Page], poolMax: 1 });

  it('tells of no row that is deleted while it reads', async () => {
    const em = app.orm.em.fork();
    for (let id = 1; id <= 40; id += 1) {
      em.create(Tag, { id });
    }
    await em.flush();
    let isOver = false;
    const deleting = (async () => {
      for (let id = 1; id <= 40; id += 1) {
        const own = app.orm.em.fork();
        own.remove(await own.findOneOrFail(Tag, id));
        await own.flush();
      }
      isOver = true;
    })();
    const found: CheckFinding[] = [];
    while (!isOver) {
      found.push(...(await app.app.get(AuditCheck).run()).findings);
    }
    await deleting;
    expect(found).toEqual([]);
  });
});

describe('a baseline beside writers', () => {
  const app = useAuditedApp({ entities: [Tag, Page], poolMax: 12 });
  let baseline: AuditBaseline;

  beforeAll(() => {
    baseline = app.app.get(AuditBaseline);
  });

  async function fill(pages: number): Promise<void> {
    const run = (sql: string) => app.orm.em.getConnection().execute(sql);
    await run(`insert into tag (id) select generate_series(1, ${TAGS})`);
    await run(`insert into page (id, edits) select n, 0 from generate_series(1, ${pages}) n`);
    for (const table of ['page_tags', 'page_loose']) {
      await run(
        `insert into ${table} (page_id, tag_id) select n, 1 + n % ${TAGS} from generate_series(1, ${pages}) n`,
      );
    }
    await app.oracle.forget();
  }

  /** Changes pages of its own, so that no writer finds what it has loaded changed by another. */
  async function write(writer: number, isOver: () => boolean): Promise<number> {
    let done = 0;
    for (let turn = 0; !isOver(); turn++) {
      const em = app.orm.em.fork();
      const id = 1 + writer + WRITERS * ((turn * 37) % (PAGES / WRITERS));
      const page = await em.findOne(Page, id, { populate: turn % 3 === 0 ? ['tags', 'loose'] : [] });
      if (!page) {
        continue;
      }
      if (turn % 11 === 5) {
        await page.loose.loadItems();
        page.loose.removeAll();
        em.remove(page);
      } else if (turn % 3 === 0) {
        const links = turn % 2 === 0 ? page.tags : page.loose;
        const [first] = links.getItems();
        links.add(em.getReference(Tag, 1 + (turn % TAGS)));
        if (first && turn % 4 > 1) {
          links.remove(first);
        }
      } else {
        page.edits++;
      }
      if (turn % 7 === 0) {
        em.create(Page, { id: 1_000_000 * (writer + 1) + turn, edits: 1 });
      }
      await em.flush();
      done++;
    }
    return done;
  }

  it('is exact, whatever they write meanwhile, and so is a check', async () => {
    await fill(PAGES);
    let isOver = false;
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer, () => isOver));
    const report = await baseline.run({ batchSize: 40 });
    const { findings } = await app.app.get(AuditCheck).run();
    isOver = true;
    const writes = await Promise.all(writers);
    expect(report.complete).toBe(true);
    expect(findings).toEqual([]);
    expect(Math.min(...writes)).toBeGreaterThan(3);
    expect((await baseline.run()).entities.map(({ recorded }) => recorded)).toEqual([0, 0]);
  });

  it('leaves a row that somebody has locked for the end, and tells what that one has made of it', async () => {
    await fill(5);
    const em = app.orm.em.fork();
    await em.begin();
    const page = await em.findOneOrFail(Page, 2);
    page.edits = 7;
    await em.flush();
    const seen: string[] = [];
    const running = baseline.run({
      entities: [Page],
      onProgress: ({ recorded }) => {
        seen.push(String(recorded));
      },
    });
    await untilBlocked(app.url);
    expect(await app.reader.asOf(Page, 3, new Date())).toMatchObject({ edits: 0 });
    await em.commit();
    expect(await running).toMatchObject({ complete: true, entities: [{ recorded: 5, locked: [] }] });
    expect(await app.reader.asOf(Page, 2, new Date())).toMatchObject({ edits: 7, tags: [3] });
  });

  it('follows rows that get a key behind it before their turn has come, one after the other', async () => {
    await app.orm.em.getConnection().execute('insert into tag (id) select generate_series(1, 6)');
    await app.oracle.forget();
    const move = async (from: number, to: number): Promise<void> => {
      const em = app.orm.em.fork();
      (await em.findOneOrFail(Tag, from)).id = to;
      await em.flush();
    };
    const moves = [
      [5, -5],
      [6, -6],
    ] as const;
    let turn = 0;
    const report = await baseline.run({
      entities: [Tag],
      batchSize: 1,
      onProgress: async () => {
        const [from, to] = moves[turn++] ?? [];
        if (from !== undefined) {
          await move(from, to);
        }
      },
    });
    expect(report).toMatchObject({ complete: true, entities: [{ looked: 6, recorded: 6 }] });
    expect((await app.app.get(AuditCheck).run()).findings).toEqual([]);
    expect((await baseline.run({ entities: [Tag] })).entities).toMatchObject([{ recorded: 0 }]);
  });

  it('says which rows stayed locked', async () => {
    await fill(3);
    const em = app.orm.em.fork();
    await em.begin();
    await em
      .getConnection()
      .execute('update page set edits = edits where id = 2', [], 'run', em.getTransactionContext());
    const report = await baseline.run({ entities: [Page], lockWait: 0 });
    await em.rollback();
    expect(report).toEqual({
      complete: false,
      entities: [{ entityType: 'Page', looked: 3, recorded: 2, locked: ['2'] }],
    });
    expect((await baseline.run()).complete).toBe(true);
  });
});
