import type { EntityMetadata, MikroORM } from '@mikro-orm/core';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { EntityCodecs } from '../serialize/entity/entity-codec.js';
import { KnownValues } from './believe/known-values.js';
import { SnapshotTrust } from './believe/snapshot-trust.js';
import { Classes } from './orm/class-facts.js';
import { ForeignKeys } from './orm/foreign-keys.js';
import { LabelPolicies } from './record/labels.js';
import { TransactionScopes } from './transaction/transaction-scopes.js';

/** Everything that capturing knows of one MikroORM instance; made at boot. */
export class CaptureEnvironment {
  readonly transactions = new TransactionScopes();
  readonly snapshots: SnapshotTrust;
  readonly known: KnownValues;
  readonly foreignKeys: ForeignKeys;
  readonly classes: Classes;
  readonly labels: LabelPolicies;

  constructor(
    orm: MikroORM,
    readonly codecs: EntityCodecs,
    /** Undefined when the entity is not audited. */
    readonly policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
  ) {
    const classes = [...codecs.all()].map(({ policy }) => policy.meta.class);
    this.snapshots = new SnapshotTrust(classes, this.transactions);
    this.known = new KnownValues(this.snapshots);
    this.foreignKeys = new ForeignKeys(orm, codecs);
    this.classes = new Classes(codecs, this.foreignKeys, policyOf);
    this.labels = new LabelPolicies(policyOf);
  }
}
