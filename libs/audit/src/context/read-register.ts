import type { EntityName } from '@mikro-orm/core';
import type { EntityKey } from '../model/change.js';

/** Takes down who looked at what. */
export abstract class ReadRegister {
  /**
   * Records that entities were looked at, those that the running context has not seen yet.
   * @throws NotAuditedError when the class is not audited
   * @throws AuditWriteError when it cannot be recorded
   */
  abstract record(entity: EntityName<object>, keys: readonly EntityKey[]): Promise<void>;
}
