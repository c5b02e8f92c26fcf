import type { EntityManager, MikroORM } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../context/audit-context.js';
import type { ContextValues } from '../context/context-values.js';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { AuditTransactionRequiredError } from '../errors/write-errors.js';
import type { Outcome } from '../model/revision.js';
import type { SqlTransaction } from '../store/audit-store.js';
import type { StoreJournal } from './journal.js';

/** Something that was done, or tried, without a change of an audited entity. */
export interface RecordedAction extends ContextValues {
  /** Business intent, such as `report.export`. */
  readonly action: string;
  /** @default 'success' */
  readonly outcome?: Outcome;
}

export interface RecordOptions {
  /**
   * Write in the transaction of this EntityManager: rolled back with it. Without it the record has a transaction and a
   * connection of its own, and stays whatever happens to the caller's; it is in the trail of the only MikroORM instance of
   * which an EntityManager runs, or else of the first.
   */
  readonly em?: EntityManager;
}

/** The journals of the application, by MikroORM instance; the default one first. */
export abstract class AuditJournals {
  abstract journals(): ReadonlyMap<MikroORM, StoreJournal>;
}

/** Records actions that change no audited entity, also such as have failed or were denied. */
@Injectable()
export class AuditRecorder {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(AuditJournals) private readonly trails: AuditJournals,
  ) {}

  /**
   * Writes a revision without changes. The running context fills what is not given.
   * @returns id of the revision, a decimal string
   * @throws AuditTransactionRequiredError when `em` is given and has no transaction
   * @throws MissingActorError for a success, where the option `requireActor` asks for an actor
   * @throws AuditWriteError when it cannot be written
   */
  async record(
    { outcome = 'success', ...values }: RecordedAction,
    { em }: RecordOptions = {},
  ): Promise<string> {
    const transaction = em?.getTransactionContext<SqlTransaction>() ?? null;
    if (em && !transaction) {
      throw new AuditTransactionRequiredError(`the action ${values.action}`);
    }
    const journal = this.journalOf(em);
    return this.context.run(values, () => journal.write({ outcome }, transaction));
  }

  private journalOf(em: EntityManager | undefined): StoreJournal {
    const journals = [...this.trails.journals()];
    const running = journals.filter(([orm]) => orm.em.getContext(false) !== orm.em);
    const [first] = running.length === 1 ? running : journals;
    const found = em ? journals.find(([orm]) => orm.config === em.config) : first;
    if (!found) {
      throw new AuditConfigurationError(
        'AuditRecorder.record() found no trail to write to.',
        'Give it an EntityManager of a MikroORM configuration that has audited entities.',
      );
    }
    return found[1];
  }
}
