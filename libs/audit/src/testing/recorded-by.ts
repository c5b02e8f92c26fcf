import { type EntityName, Utils } from '@mikro-orm/core';
import type { INestApplicationContext } from '@nestjs/common';
import { NotAuditedError } from '../errors/query-errors.js';
import type { EntityKey } from '../model/change.js';
import type { Revision } from '../model/revision.js';
import { type StoredRow, TrailExporter } from '../query/search/trail-export.js';
import { AuditCatalog, type AuditedInstance } from '../query/terms/audit-catalog.js';
import { decodeChange } from '../query/terms/change-decoder.js';
import { entityIdOf } from '../query/terms/entity-id.js';
import type { RecordedChange, Recording, TypedRecording } from './recording.js';

/** An application, or a testing module, that imports `AuditModule`. */
export type AuditedTestApp = Pick<INestApplicationContext, 'get'>;

/**
 * Runs some work, and reads from the primary what the trail has got meanwhile, of all MikroORM instances of the app. Other writes to
 * the same database at that time are in it, too: give each file of tests a database of its own.
 * @returns what was committed when the work was done
 * @throws whatever the work throws
 */
export async function recordedBy<Result>(
  app: AuditedTestApp,
  work: () => Result | Promise<Result>,
): Promise<Recording<Result>> {
  const catalog = app.get(AuditCatalog, { strict: false });
  const trails = catalog.all().map((instance) => new TrailEnd(catalog, instance));
  for (const trail of trails) {
    await trail.remember();
  }
  const result = await work();
  const changes: RecordedChange[] = [];
  const actions: Revision[] = [];
  const instances = new Map<RecordedChange, AuditedInstance>();
  for (const trail of trails) {
    for (const { change, revision } of await trail.since()) {
      if (change) {
        const decoded = { ...decodeChange(trail.instance, change), revision };
        instances.set(decoded, trail.instance);
        changes.push(decoded);
      } else {
        actions.push(revision);
      }
    }
  }
  const recording: TypedRecording<Result> = {
    result,
    changes,
    actions,
    isOf(change, entity, id) {
      if (!catalog.all().some(({ policies }) => policies.family(entity).length > 0)) {
        throw new NotAuditedError(Utils.className(entity));
      }
      const instance = instances.get(change);
      return instance !== undefined && isOf(instance, change, entity, id);
    },
  };
  return recording;
}

/** The newest row of a trail, and what has come after it. */
class TrailEnd {
  private newest: string | null = null;

  constructor(
    private readonly catalog: AuditCatalog,
    readonly instance: AuditedInstance,
  ) {}

  async remember(): Promise<void> {
    const { value } = await this.exporter().ids().next();
    this.newest = value ?? null;
  }

  /** Oldest first. Where the newest row is gone, the trail was cleared, and everything in it is new. */
  async since(): Promise<readonly StoredRow[]> {
    const found: StoredRow[] = [];
    for await (const batch of this.exporter().batches()) {
      for (const row of batch) {
        if ((row.change?.id ?? row.revision.id) === this.newest) {
          return found.reverse();
        }
        found.push(row);
      }
    }
    return found.reverse();
  }

  private exporter(): TrailExporter {
    return new TrailExporter(this.catalog, {
      instance: this.instance.policies.orm.config.get('contextName'),
      order: 'newest',
    });
  }
}

function isOf(
  { policies, codecs }: AuditedInstance,
  { entityType, entityId }: RecordedChange,
  entity: EntityName,
  id: EntityKey | undefined,
): boolean {
  const policy = policies.ofType(entityType);
  const isInFamily = policies.family(entity).some(({ meta }) => meta.class === policy?.meta.class);
  return isInFamily && (id === undefined || entityIdOf(id, policy && codecs.ofPolicy(policy)) === entityId);
}
