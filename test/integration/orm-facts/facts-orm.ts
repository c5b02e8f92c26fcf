import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { EventSubscriber, UnitOfWork } from '@mikro-orm/core';
import type { EntityManager, MikroORM, Options } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createTestOrm } from '../../support/orm.js';
import { StatementLog } from '../../support/statement-log.js';
import type { TestEntity } from '../../support/test-entity.js';

const EVENTS = [
  'beforeFlush',
  'onFlush',
  'afterFlush',
  'beforeTransactionStart',
  'afterTransactionStart',
  'beforeTransactionCommit',
  'afterTransactionCommit',
  'beforeTransactionRollback',
  'afterTransactionRollback',
  'onInit',
  'onLoad',
  'beforeUpdate',
] as const;

export type EventName = (typeof EVENTS)[number];

/** One event of MikroORM, as its subscribers get it. */
export interface Happening {
  readonly em: EntityManager;
  readonly uow: UnitOfWork;
  readonly transaction?: Transaction;
  readonly entity: object;
}

/** The transaction object of an event, as far as the library uses it. */
interface Transaction {
  readonly savepointName?: string;
  executeQuery(query: object): Promise<{ readonly rows: readonly unknown[] }>;
}

type Listener = (event: Happening) => unknown;

/** MikroORM without the library, on a database of its own, and a subscriber that tests listen with. */
export class FactsOrm {
  readonly statements = new StatementLog();
  private database: TestDatabase | undefined;
  private running: MikroORM | undefined;
  private manager: EntityManager | undefined;
  private readonly listeners = new Map<EventName, Listener>();

  get orm(): MikroORM {
    return started(this.running);
  }

  /** A new one for each test. */
  get em(): EntityManager {
    return started(this.manager);
  }

  /** Gives what `look` returns at each event of the name while the work is done. */
  async seen<Seen>(
    name: EventName,
    look: (event: Happening) => Seen,
    work: () => Promise<unknown>,
  ): Promise<readonly Seen[]> {
    const seen: Seen[] = [];
    this.listeners.set(name, (event) => {
      seen.push(look(event));
    });
    await work();
    return seen;
  }

  /** The names of the events, and the first words of the statements, in their order. */
  async story(names: readonly EventName[], work: () => Promise<unknown>): Promise<readonly string[]> {
    const story: string[] = [];
    const tell = (): void => {
      story.push(...this.statements.take().map((text) => text.split(' ')[0] ?? ''));
    };
    for (const name of names) {
      this.listeners.set(name, () => {
        tell();
        story.push(name);
      });
    }
    this.statements.take();
    await work();
    tell();
    return story;
  }

  listen(name: EventName, listener: Listener): void {
    this.listeners.set(name, listener);
  }

  async start(entities: readonly TestEntity[], options: FactsOptions): Promise<void> {
    this.database = await createTestDatabase();
    this.running = await createTestOrm({
      url: this.database.url,
      entities,
      withAuditEntities: false,
      statementLog: this.statements,
      ...options,
    });
    this.running.em.getEventManager().registerSubscriber(this.subscriber());
  }

  reset(): void {
    this.listeners.clear();
    this.manager = this.orm.em.fork();
  }

  async stop(): Promise<void> {
    await this.running?.close(true);
    await this.database?.drop();
  }

  private subscriber(): EventSubscriber {
    const listenTo = (name: EventName) => (event: unknown) => this.listeners.get(name)?.(event as Happening);
    return Object.fromEntries(EVENTS.map((name) => [name, listenTo(name)])) as EventSubscriber;
  }
}

interface FactsOptions {
  readonly poolMax?: number;
  readonly orm?: Options;
}

/** Starts before the tests of the file, and stops after them. */
export function useFactsOrm(entities: readonly TestEntity[], options: FactsOptions = {}): FactsOrm {
  const facts = new FactsOrm();
  beforeAll(() => facts.start(entities, options));
  beforeEach(() => facts.reset());
  afterAll(() => facts.stop());
  return facts;
}

/** The only element. */
export function only<Element>(elements: Iterable<Element>): Element {
  const [element, ...others] = elements;
  if (element === undefined || others.length > 0) {
    throw new Error(`Expected one element, not ${element === undefined ? 0 : others.length + 1}.`);
  }
  return element;
}

function started<Value>(value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error('MikroORM runs in tests only.');
  }
  return value;
}
