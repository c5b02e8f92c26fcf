import { type Options, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AuditCheck } from 'nestjs-mikro-audit';
import pg, { type Client } from 'pg';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { companyEntities } from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { isSoak } from '../../support/soak.js';
import { createBaseWorld, createSkills } from './base-world.js';
import { CommitWitness } from './commit-witness.js';
import { Interpreter } from './interpreter.js';
import { hasHandMade, hasNative, type Script, TENANTS } from './script.js';
import { tenantMetadata } from './tenant-metadata.js';
import { WorldSnapshot } from './world-snapshot.js';

/**
 * A worker that waits for a row that another one has locked would wait for ever: the other one does not go on. Nobody else holds a lock
 * for long but autovacuum, which lets go once it is found in the way, on a busy machine after more than 25 ms.
 */
const SERVER_OPTIONS = '-c lock_timeout=200ms -c deadlock_timeout=15ms';

/** Runs of a suite of `npm test` after which the check of the library is made, too. */
const CHECK_EVERY = 12;

/** How the company is mapped and recorded. */
export interface ModelSetup {
  /** @default that of MikroORM, with which the trail itself has to tell what a statement has hit */
  readonly driver?: NonNullable<Options['driver']>;
  readonly afterDiscovered?: NonNullable<NonNullable<Options['discovery']>['afterDiscovered']>;
  /** Whether the company is there once for each tenant, with the same keys. */
  readonly hasTenants?: boolean;
}

/** An audited app in which scripts run one after the other, each from the same start. */
export class ModelRun {
  private runs = 0;

  private constructor(
    private readonly audited: AuditedApp,
    private readonly snapshot: WorldSnapshot,
    private readonly witness: CommitWitness,
    private readonly stranger: Client,
    private readonly hasTenants: boolean,
  ) {}

  /**
   * @param setup with what the company is audited
   */
  static async boot({
    driver = PostgreSqlDriver,
    afterDiscovered,
    hasTenants = false,
  }: ModelSetup = {}): Promise<ModelRun> {
    const tenants = hasTenants ? TENANTS : [];
    const audited = await createAuditedApp({
      entities: companyEntities,
      oracle: companyOracle,
      poolMax: 20,
      tenants,
      orm: {
        driver,
        driverOptions: { options: SERVER_OPTIONS },
        discovery: {
          ...(afterDiscovered ? { afterDiscovered } : {}),
          ...(hasTenants ? { onMetadata: tenantMetadata } : {}),
        },
      },
    });
    await createSkills(audited.orm.em.fork());
    for (const schema of hasTenants ? TENANTS : [undefined]) {
      await createBaseWorld(audited.orm.em.fork(schema === undefined ? {} : { schema }));
    }
    await audited.oracle.verify();
    const snapshot = await WorldSnapshot.take(audited.url, tenants);
    const stranger = new pg.Client({ connectionString: audited.url, options: SERVER_OPTIONS });
    stranger.on('error', () => undefined);
    await stranger.connect();
    const witness = await CommitWitness.connect(audited.url, audited.orm);
    return new ModelRun(audited, snapshot, witness, stranger, hasTenants);
  }

  /**
   * @throws OracleError when the trail is not exactly what happened
   * @throws LibraryFault when the library failed
   */
  async run(script: Script): Promise<void> {
    await this.snapshot.restore();
    await this.witness.restart();
    const { orm, context, oracle } = this.audited;
    await new Interpreter(orm.em, this.witness, context, this.stranger, this.hasTenants).run(script);
    await oracle.verify({ merged: !hasHandMade(script), folded: hasNative(script) });
    if (isSoak || this.runs++ % CHECK_EVERY === 0) {
      await this.check();
    }
  }

  /** The check of the library must not find fault with a trail that the oracle finds right. */
  private async check(): Promise<void> {
    const { findings } = await this.audited.app.get(AuditCheck).run();
    if (findings.length > 0) {
      throw new Error(
        `AuditCheck has ${findings.length} false alarms: ${JSON.stringify(findings.slice(0, 5))}`,
      );
    }
  }

  async close(): Promise<void> {
    await this.stranger.end();
    await this.witness.close();
    await this.snapshot.close();
    await this.audited.close();
  }
}
