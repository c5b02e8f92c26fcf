import { RestoreForbiddenError } from '../errors/restore-errors.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { storedTypes } from '../query/terms/change-decoder.js';
import type { RestoreLimits } from '../restore/restore-options.js';
import type { Moment, ScopeFilter, StoredChange } from '../store/audit-store.js';
import type { ConflictLog } from './conflict-log.js';
import type { LiveEntity } from './live-reader.js';
import type { RestoreTarget } from './restore-target.js';
import type { LiveTable } from './row-probe.js';

/** A row that no step of a plan names, and that changes with it. */
export interface AffectedRow {
  readonly table: LiveTable;
  readonly entityId: string;
}

const UNSEEN = 'something that you may not see';

/** Keeps a plan within what whoever restores may see and change. Its refusals name nothing that is hidden. */
export class RestoreGuard {
  constructor(
    private readonly instance: AuditedInstance,
    private readonly limits: RestoreLimits,
    readonly scope: ScopeFilter | null,
  ) {}

  hides(entityType: string, path: string): boolean {
    return this.limits.hides(entityType, path);
  }

  /** @throws RestoreForbiddenError for a property that may not be set */
  assertProperties(paths: readonly string[], family: readonly EntityPolicy[]): void {
    const hidden = paths.flatMap((path) =>
      family.flatMap(({ entityType }) =>
        this.hides(entityType, path) ? [`"${path}" of ${entityType}`] : [],
      ),
    );
    refuse(hidden);
  }

  /**
   * @param moment that is restored; null when a revision is undone
   * @throws RestoreForbiddenError for entities of which anything, then or now, may not be seen or changed
   */
  async assertTargets(targets: readonly RestoreTarget[], moment: Moment | null): Promise<void> {
    const types = new Set(targets.map(({ policy }) => policy.entityType));
    refuse([...types].filter((type) => !this.limits.mayRestore(type)).map((type) => this.name(type)));
    for (const point of moment === null ? [null] : [null, moment]) {
      const inside = await this.inside(targets, point);
      const outside = targets.filter((_, at) => !inside[at]);
      refuse(
        outside.map(({ policy }) =>
          this.limits.mayName(policy.entityType)
            ? `changes of ${policy.entityType} that you may not see`
            : UNSEEN,
        ),
      );
    }
  }

  /** @throws RestoreForbiddenError when the revision did anything that may not be seen, which cannot be undone blind */
  async assertWhole(revisionId: string, changes: readonly StoredChange[]): Promise<void> {
    const types = changes.map((change) => this.instance.policies.ofType(change.entityType)?.entityType);
    refuse(types.includes(undefined) && !this.limits.mayTouchUnaudited ? [UNSEEN] : []);
    const seen = this.scope && (await this.instance.store.revision(revisionId, this.scope, null));
    refuse(this.scope && seen?.changes.length !== changes.length ? [UNSEEN] : []);
  }

  /**
   * The target without what may not be set, which is noted whether it would change or not.
   * @throws RestoreForbiddenError where that is needed: for a row that is created anew, and to undo what was done with it
   */
  settable(target: RestoreTarget, live: LiveEntity | null, log: ConflictLog): RestoreTarget {
    const { entityType } = target.policy;
    const { undone } = target;
    const all = [...target.policy.properties.values()].map(({ path }) => path);
    const own = [...all, ...target.policy.collections.keys()];
    const hides = (path: string) => this.hides(entityType, path);
    const touched = undone?.operation === 'update' ? Object.keys({ ...undone.before, ...undone.after }) : own;
    const isCreated = target.goal === 'present' && live === null;
    if ((undone || isCreated) && touched.some(hides)) {
      refuse([`properties of ${entityType} that you may not see`]);
    }
    for (const path of [...target.values.keys()].filter(hides)) {
      log.notice(target, path, {
        kind: 'value-unknown',
        reason: 'hidden',
        becomes: 'unchanged',
        message: `"${path}" of ${entityType} ${target.entityId} is hidden from you, so it stays as it is.`,
      });
    }
    return { ...target, values: new Map([...target.values].filter(([path]) => !hides(path))) };
  }

  /**
   * The rights that are missing for rows to change that no step names.
   * @param rows null when there are too many to look at
   */
  async missingFor(rows: readonly AffectedRow[] | null): Promise<readonly string[]> {
    if (rows === null) {
      return ['more rows that go with it than can be looked at'];
    }
    const missing: string[] = [];
    for (const ofTable of Map.groupBy(rows, ({ table }) => table.place.table).values()) {
      const table = (ofTable[0] as AffectedRow).table;
      const family = this.family(table);
      const types = family.map(({ entityType }) => entityType);
      const denied = types.filter((type) => !this.limits.mayRestore(type));
      if (types.length === 0) {
        missing.push(...(this.limits.mayTouchUnaudited ? [] : [UNSEEN]));
      } else if (denied.length > 0) {
        missing.push(...denied.map((type) => this.name(type)));
      } else {
        const ids = ofTable.map(({ entityId }) => entityId);
        const seen = await this.visible(table, ids);
        missing.push(...(seen.length < ids.length ? [UNSEEN] : []));
      }
    }
    return [...new Set(missing)];
  }

  /** Those of some rows of a class that may be seen. */
  async visible(table: LiveTable, ids: readonly string[]): Promise<readonly string[]> {
    const family = this.family(table);
    if (family.length === 0) {
      return this.limits.mayTouchUnaudited ? ids : [];
    }
    const policy = family.find(({ entityType }) => !this.limits.mayRestore(entityType));
    if (policy) {
      return [];
    }
    const inside = await this.inside(
      ids.map((entityId) => ({ policy: family[0] as EntityPolicy, entityId })),
      null,
    );
    return ids.filter((_, at) => inside[at]);
  }

  /** For each entity whether all that is recorded of its life, of which there must be something, is in the scope. */
  private async inside(
    rows: readonly Pick<RestoreTarget, 'policy' | 'entityId'>[],
    moment: Moment | null,
  ): Promise<readonly boolean[]> {
    if (!this.scope) {
      return rows.map(() => true);
    }
    const keys = rows.map(({ policy, entityId }) => ({
      types: storedTypes(this.instance.policies.sharing(policy)),
      id: entityId,
    }));
    const lives = await this.instance.store.search.lives(keys, moment, this.scope);
    return rows.map((_, at) => {
      const life = lives[at] ?? [];
      return life.length > 0 && life.every(({ visible }) => visible);
    });
  }

  /** The policies of all classes of a table. */
  private family({ meta: { root }, place }: LiveTable): readonly EntityPolicy[] {
    const { policies } = this.instance;
    return policies
      .in(place.schema ?? policies.schema)
      .all()
      .filter((policy) => policy.meta.root === root);
  }

  private name(entityType: string): string {
    return this.limits.mayName(entityType) ? entityType : UNSEEN;
  }
}

/** @throws RestoreForbiddenError when anything is missing */
export function refuse(missing: readonly string[]): void {
  if (missing.length > 0) {
    throw new RestoreForbiddenError([...new Set(missing)]);
  }
}
