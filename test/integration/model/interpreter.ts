import type { EntityManager } from '@mikro-orm/core';
import type { AuditContext } from 'nestjs-mikro-audit';
import type { Client } from 'pg';
import type { CommitWitness } from './commit-witness.js';
import { inBlock } from './in-block.js';
import { assertExpected, isConflict } from './library-fault.js';
import { isIdle, ListTurns, takesLinks } from './list-turns.js';
import { native, nativeLinks } from './native-steps.js';
import { overlap } from './overlap.js';
import { type Block, type Control, type Native, type Script, type Step, TENANTS } from './script.js';
import { Worker } from './worker.js';
import { change, create, move, recreate, relate, remove } from './write-steps.js';

/** Ends a callback on purpose. */
class Abort extends Error {}

/** A failure inside a callback of a worker: the callback has to end, and its transaction with it. */
class Unwind extends Error {
  constructor(
    readonly worker: Worker,
    cause: unknown,
  ) {
    super('unwind', { cause });
  }
}

/** Does what a script says. Errors of MikroORM and the database end the transaction and the EntityManager. */
export class Interpreter {
  private readonly workers: readonly Worker[];
  private readonly lists = new ListTurns();

  constructor(
    root: EntityManager,
    private readonly witness: CommitWitness,
    private readonly context: AuditContext,
    /** Another program. */
    private readonly stranger: Client,
    hasTenants: boolean,
  ) {
    const tenant = hasTenants ? TENANTS[0] : undefined;
    this.workers = [new Worker(root, tenant), new Worker(root, tenant)];
  }

  async run(script: Script): Promise<void> {
    await this.steps(script);
    for (const worker of this.workers) {
      await this.as(worker, () =>
        this.guarded(worker, async () => {
          await (worker.began ? this.commit(worker) : worker.em.flush());
        }),
      );
    }
  }

  private async steps(script: Script): Promise<void> {
    for (const step of script) {
      await this.step(step);
    }
  }

  private async step(step: Step): Promise<void> {
    if (step.do === 'together') {
      const [one, other] = step.by.map((by) => this.worker(by)) as [Worker, Worker];
      const mayMeet = one !== other && !one.isInCallback && !other.isInCallback;
      return mayMeet && !overlap(one.em, other.em) ? this.together([one, other]) : undefined;
    }
    const worker = this.worker(step.by);
    if (step.do === 'act') {
      worker.actor = step.actor;
    } else if (step.do === 'serve') {
      worker.tenant = step.tenant;
    } else if (this.lists.allows(worker, step) && this.mayTakeLinks(worker, step)) {
      await this.as(worker, () => this.guarded(worker, () => this.perform(worker, step)));
    }
  }

  /**
   * Links are read without a lock, which is a documented limit. Others may take links away
   * that a SERIALIZABLE transaction has read: foreign key rules delete what is stored now, and go by no snapshot.
   */
  private mayTakeLinks(worker: Worker, step: Step): boolean {
    const isApart = (open: Worker): boolean => open !== worker || worker.separation > 0;
    return !takesLinks(step) || !this.workers.some((open) => open.isSerializable && isApart(open));
  }

  private as<Result>({ actor }: Worker, work: () => Promise<Result>): Promise<Result> {
    return actor === null
      ? work()
      : this.context.run({ actor: { type: 'user', id: actor, label: null } }, work);
  }

  private async perform(
    worker: Worker,
    step: Exclude<Step, { do: 'together' | 'act' | 'serve' }>,
  ): Promise<void> {
    switch (step.do) {
      case 'create':
        return create(worker, step);
      case 'change':
        return change(worker, step);
      case 'remove':
        return remove(worker, step);
      case 'recreate':
        return recreate(worker, step);
      case 'move':
        return move(worker, step);
      case 'relate':
        return relate(worker, step);
      case 'native':
        return this.native(worker, step);
      case 'native links':
        return nativeLinks(worker, step);
      case 'block':
        return this.block(worker, step);
      default:
        return this.control(worker, step);
    }
  }

  private async native(worker: Worker, step: Native): Promise<void> {
    await native(worker, step, this.stranger);
    if (step.how === 'stranger') {
      await this.witness.forgetIn(worker.managers);
    }
  }

  private async control(worker: Worker, step: Control): Promise<void> {
    const { em } = worker;
    const isOwn = !worker.isInCallback;
    switch (step.do) {
      case 'flush':
        return em.flush();
      case 'flush twice':
        await Promise.all([em.flush(), em.flush()]);
        return;
      case 'clear':
        em.clear();
        return;
      case 'fork':
        return isOwn && !worker.began ? worker.discard() : undefined;
      case 'begin':
        if (isOwn && !worker.began) {
          await em.begin();
          worker.began = true;
        }
        return;
      case 'commit':
        return isOwn && worker.began ? this.commit(worker) : undefined;
      case 'rollback':
        if (isOwn && worker.began) {
          worker.began = false;
          await em.rollback();
        }
        return;
    }
  }

  private async commit(worker: Worker): Promise<void> {
    await worker.em.commit();
    worker.began = false;
  }

  private async together(workers: readonly [Worker, Worker]): Promise<void> {
    const results = await Promise.allSettled(
      workers.map((worker) => this.as(worker, () => worker.em.flush())),
    );
    for (const [i, result] of results.entries()) {
      const worker = workers[i];
      if (worker && result.status === 'rejected') {
        assertExpected(result.reason);
        await worker.discard();
      }
    }
    await this.witness.forgetIn(workers.map(({ em }) => em));
  }

  /** @throws Unwind when the failure ends a callback that is running */
  private async guarded(worker: Worker, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Unwind) {
        throw error;
      }
      assertExpected(error);
      if (worker.isInCallback) {
        throw new Unwind(worker, error);
      }
      await worker.discard();
    }
    await this.witness.forgetIn(this.others(worker));
  }

  /** After a conflict of SERIALIZABLE transactions the work is done once more; that of the others is done already. */
  private async block(worker: Worker, block: Block): Promise<void> {
    const { isSerializable, ...ordinary } = block;
    const mayBegin = this.workers.every((other) => (other === worker ? !worker.isInCallback : isIdle(other)));
    if (!isSerializable || !mayBegin || worker.em.isInTransaction()) {
      await this.hasConflict(worker, ordinary);
      return;
    }
    // Nobody protects rows loaded before the transaction.
    worker.em.clear();
    worker.isSerializable = true;
    try {
      if (await this.hasConflict(worker, block)) {
        await this.hasConflict(worker, { ...block, steps: block.steps.filter(({ by }) => by === block.by) });
      }
    } finally {
      worker.isSerializable = false;
      worker.em.clear();
    }
  }

  /** @returns whether the transaction of the block could not be serialized */
  private async hasConflict(worker: Worker, block: Block): Promise<boolean> {
    const outer = worker.em;
    const hasOwnTransaction = !outer.isInTransaction() || !['required', 'fork'].includes(block.kind);
    const isApart = block.kind === 'hand made' || block.kind === 'requires new';
    const depth = worker.managers.length;
    worker.separation += isApart ? 1 : 0;
    try {
      await inBlock(worker, block, async (inner) => {
        worker.managers.push(inner);
        await this.steps(block.steps);
        if (block.end === 'throw') {
          throw new Abort();
        }
      });
    } catch (error) {
      const isMine = !(error instanceof Unwind) || error.worker === worker;
      worker.managers.splice(depth);
      if (error instanceof Abort) {
        return false;
      }
      if (!isMine) {
        throw error;
      }
      const cause = error instanceof Unwind ? error.cause : error;
      assertExpected(cause);
      if (!hasOwnTransaction) {
        throw cause;
      }
      outer.clear();
      return isConflict(cause);
    } finally {
      worker.managers.splice(depth);
      if (isApart) {
        worker.separation--;
        // The manager around a new transaction gets its entities, one around a hand-made transaction does not.
        const around = block.kind === 'hand made' ? worker.managers : worker.managers.slice(0, -1);
        await this.witness.forgetIn([...around, ...this.others(worker)]);
      }
    }
    return false;
  }

  private worker(by: number): Worker {
    const worker = this.workers[by % this.workers.length];
    if (!worker) {
      throw new Error(`There is no worker ${by}.`);
    }
    return worker;
  }

  private others(worker: Worker): readonly EntityManager[] {
    return this.workers
      .filter((other) => other !== worker && !(other.isSerializable && other.separation === 0))
      .flatMap(({ managers }) => managers);
  }
}
