import type { EntityMetadata } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { EntityCodecs } from '../serialize/entity/entity-codec.js';
import type { CascadeRules } from './cascade-rules.js';
import type { SnapshotTrust } from './snapshot-trust.js';
import type { TransactionScopes } from './transaction-scopes.js';

/** Unmasked JSON of what was sent and what was stored instead. */
export interface StoredAs {
  readonly sent: JsonValue;
  readonly stored: JsonValue;
}

/** What capturing needs to know of one MikroORM instance; made at boot. */
export interface CaptureEnvironment {
  readonly codecs: EntityCodecs;
  readonly cascades: CascadeRules;
  /** Undefined when the entity is not audited. */
  readonly policyOf: (meta: EntityMetadata) => EntityPolicy | undefined;
  readonly snapshots: SnapshotTrust;
  readonly transactions: TransactionScopes;
  /**
   * Values of which the database has stored something else than was sent, by property name; the snapshot of the
   * entity holds what was sent.
   */
  readonly storedAs: WeakMap<object, Map<string, StoredAs>>;
}
