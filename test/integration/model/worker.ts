import type { EntityManager } from '@mikro-orm/core';
import type { TypeName } from './script.js';

/** Somebody who works with the database: EntityManagers, the innermost last, and the entities created in them. */
export class Worker {
  /** The managers of the callbacks that are running; the first one is the worker's own. */
  readonly managers: EntityManager[];
  /** True between `em.begin()` and its end. */
  began = false;
  /** For whom it acts; null for nobody who is known. */
  actor: string | null = null;
  /** Whether PostgreSQL itself sees to it that it writes nothing that is old. */
  isSerializable = false;
  /** In whose schema it works; undefined where the model has no tenants. */
  tenant: string | undefined;
  /** How many of the callbacks that are running have a transaction apart from the one around them. */
  separation = 0;
  private readonly created = new Map<string, object>();

  constructor(
    private readonly root: EntityManager,
    tenant: string | undefined,
  ) {
    this.tenant = tenant;
    this.managers = [this.fork()];
  }

  /** For calls of an EntityManager. */
  get place(): { readonly schema?: string } {
    return this.tenant === undefined ? {} : { schema: this.tenant };
  }

  get em(): EntityManager {
    return this.managers.at(-1) ?? this.root;
  }

  get isInCallback(): boolean {
    return this.managers.length > 1;
  }

  /** Throws the own EntityManager away, as after every failure. */
  async discard(): Promise<void> {
    const [own] = this.managers;
    if (this.began && own) {
      this.began = false;
      await own.rollback();
    }
    this.managers.splice(0, this.managers.length, this.fork());
    this.created.clear();
  }

  noteCreated(type: TypeName, entity: object): void {
    this.created.set(`${this.tenant} ${type}`, entity);
  }

  lastCreated(type: TypeName): object | undefined {
    return this.created.get(`${this.tenant} ${type}`);
  }

  private fork(): EntityManager {
    return this.root.fork(this.place);
  }
}
