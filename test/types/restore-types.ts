import type { AuditRestorer, RestoreConflict, RestorePlan, RestoreResult } from 'nestjs-mikro-audit';
import { Order } from '../support/fixtures/shop.js';

/** True when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function assertType<_T extends true>(): void {
  // Only the compiler looks at this.
}

/** Compiled, never run: what the types of planning allow. */
export async function planTypes(restorer: AuditRestorer): Promise<void> {
  const plan = await restorer.plan(Order, 1, { to: new Date() });
  assertType<Same<typeof plan, RestorePlan>>();
  await restorer.plan(Order, 1, {
    to: { revision: '7' },
    property: ['title', 'tags', 'address.city'],
  });
  await restorer.plan(Order, 1, {
    to: { beforeRevision: '7' },
    withChildren: true,
    accept: ['target-gone'],
  });
  await restorer.planUndelete(Order, 1);
  await restorer.planUndelete(Order, 1, { withChildren: true });
  await restorer.planUndo('7', { accept: ['changed-since'] });

  // @ts-expect-error which state
  await restorer.plan(Order, 1, {});
  // @ts-expect-error no property of an order
  await restorer.plan(Order, 1, { to: new Date(), property: ['titel'] });
  // @ts-expect-error a revision id is a text
  await restorer.plan(Order, 1, { to: { revision: 7 } });
  // @ts-expect-error no kind of conflict
  await restorer.planUndelete(Order, 1, { accept: ['everything'] });
  // @ts-expect-error undeleting has its point
  await restorer.planUndelete(Order, 1, { to: new Date() });
  // @ts-expect-error plans are readonly
  plan.blocked = false;
}

/** Compiled, never run: what is needed to apply, and that kinds of conflicts are told apart. */
export async function applyTypes(restorer: AuditRestorer, plan: RestorePlan): Promise<void> {
  const result = await restorer.apply(plan, { reason: 'wrong' });
  assertType<Same<typeof result, RestoreResult>>();
  await restorer.apply({ token: plan.token });
  // @ts-expect-error conflicts are accepted by the plan
  await restorer.apply(plan, { accept: ['changed-since'] });
  const request = restorer.requestOf(plan.token);
  if (request.kind === 'revision') {
    assertType<Same<typeof request.revisionId, string>>();
  } else {
    assertType<Same<typeof request.entityId, string>>();
  }
}

/** Compiled, never run. */
export function conflictTypes(conflict: RestoreConflict): string | undefined {
  switch (conflict.kind) {
    case 'target-gone':
      return conflict.targetIds[0];
    case 'changed-since':
      return conflict.actor.label ?? undefined;
    default:
      // @ts-expect-error not of every kind
      return conflict.targetIds;
  }
}
