import type { EventArgs, EventSubscriber } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ACTOR, AUDIT_LOG, difference, pick, REQUEST_ID, type Values } from './audit-log.js';
import { type Contender, type ContenderOptions, openWithOrm } from './contender.js';

/** The first thing most people write: an INSERT in every after-hook. */
export function openSubscriber(options: ContenderOptions): Promise<Contender> {
  return openWithOrm('subscriber', options, { subscribers: [new AuditLogSubscriber()], sql: AUDIT_LOG });
}

class AuditLogSubscriber implements EventSubscriber<{ id: string }> {
  async afterCreate(args: EventArgs<{ id: string }>): Promise<void> {
    await this.log(args, 'create', difference(undefined, args.changeSet?.payload));
  }

  async afterUpdate(args: EventArgs<{ id: string }>): Promise<void> {
    const after: Values = args.changeSet?.payload ?? {};
    await this.log(args, 'update', difference(pick(args.changeSet?.originalEntity ?? {}, after), after));
  }

  /** Before, because afterwards MikroORM no longer knows what the row was. */
  async beforeDelete(args: EventArgs<{ id: string }>): Promise<void> {
    await this.log(
      args,
      'delete',
      difference(args.changeSet?.originalEntity ?? { ...args.entity }, undefined),
    );
  }

  private async log({ em, entity, meta }: EventArgs<{ id: string }>, action: string, changes: object) {
    await (em as EntityManager)
      .getConnection()
      .execute(
        'insert into audit_log (actor, request_id, entity_type, entity_id, action, changes) values (?, ?, ?, ?, ?, ?)',
        [ACTOR, REQUEST_ID, meta.className, entity.id, action, JSON.stringify(changes)],
        'run',
        em.getTransactionContext(),
      );
  }
}
