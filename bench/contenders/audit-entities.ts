import { ChangeSetType, defineEntity, type EventSubscriber, type FlushEventArgs, p } from '@mikro-orm/core';
import { ACTOR, difference, pick, REQUEST_ID, type Values } from './audit-log.js';
import { type Contender, type ContenderOptions, openWithOrm } from './contender.js';

/** The suggestion of MikroORM's documentation: audit entities that join the flush in onFlush. */
export function openAuditEntities(options: ContenderOptions): Promise<Contender> {
  const AuditLog = defineEntity({
    name: 'AuditLog',
    tableName: 'audit_log',
    indexes: [{ properties: ['entityType', 'entityId', 'id'] }, { properties: ['actor', 'id'] }],
    properties: {
      id: p.bigint('string').primary(),
      occurredAt: p.datetime().defaultRaw('now()').index(),
      actor: p.text(),
      requestId: p.text(),
      entityType: p.text(),
      entityId: p.text(),
      action: p.text(),
      changes: p.json().$type<object>(),
    },
  });
  const subscriber: EventSubscriber = {
    onFlush({ em, uow }: FlushEventArgs): void {
      for (const { entity, type, payload, originalEntity, meta } of uow.getChangeSets()) {
        const isDelete = type === ChangeSetType.DELETE || type === ChangeSetType.DELETE_EARLY;
        const after: Values | undefined = isDelete ? undefined : payload;
        const original: Values = originalEntity ?? { ...entity };
        const entry = em.create(AuditLog, {
          occurredAt: new Date(),
          actor: ACTOR,
          requestId: REQUEST_ID,
          entityType: meta.className,
          entityId: String((entity as { id: unknown }).id),
          action: type,
          changes: difference(
            type === ChangeSetType.CREATE ? undefined : after ? pick(original, after) : original,
            after,
          ),
        });
        uow.computeChangeSet(entry);
      }
    },
  };
  return openWithOrm('entities', options, { entities: [AuditLog], subscribers: [subscriber] });
}
