import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { CheckOptions } from '../oracle/input.js';
import { type AuditedApp, type AuditedAppOptions, createAuditedApp } from './audited-app.js';

export interface AuditedSuiteOptions extends AuditedAppOptions {
  /** False for tests that build on each other, or on one story that `beforeAll` tells. @default true */
  readonly clear?: boolean;
  /** How the oracle judges each test; false where it cannot, because all of them go past the library. */
  readonly verify?: CheckOptions | false;
}

/** The app of a suite. Its members are there once the hooks of the suite run. */
export interface AuditedSuite extends Omit<AuditedApp, 'close'> {
  /** A fresh EntityManager for each test. */
  readonly em: MikroORM['em'];
  /** For a test that goes past the library or changes the trail: the oracle could not but object. */
  skipOracle(): void;
}

/**
 * Registers the hooks of an audited app for this file, or for this `describe`: it starts once, every test begins with
 * empty tables, an empty statement log and a fresh EntityManager, and the oracle verifies every test.
 */
export function useAuditedApp({ clear = true, verify, ...options }: AuditedSuiteOptions): AuditedSuite {
  let started: AuditedApp | undefined;
  let em: MikroORM['em'] | undefined;
  let asksOracle = true;
  const running = (): AuditedApp => {
    if (!started) {
      throw new Error('The audited app is not there yet: use it in hooks and tests only.');
    }
    return started;
  };

  beforeAll(async () => {
    started = await createAuditedApp(options);
  });
  beforeEach(async () => {
    const { oracle, orm, statements } = running();
    if (clear) {
      await oracle.clear();
    }
    statements.take();
    em = orm.em.fork();
    asksOracle = verify !== false;
  });
  afterEach(async () => {
    if (asksOracle) {
      await running().oracle.verify(verify || undefined);
    }
  });
  afterAll(() => started?.close());

  return {
    get app() {
      return running().app;
    },
    get orm() {
      return running().orm;
    },
    get em() {
      em ??= running().orm.em.fork();
      return em;
    },
    get reader() {
      return running().reader;
    },
    get restorer() {
      return running().restorer;
    },
    get context() {
      return running().context;
    },
    get oracle() {
      return running().oracle;
    },
    get statements() {
      return running().statements;
    },
    get url() {
      return running().url;
    },
    skipOracle() {
      asksOracle = false;
    },
  };
}
