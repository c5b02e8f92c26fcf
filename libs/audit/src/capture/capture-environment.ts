import type { MikroORM } from '@mikro-orm/core';
import type { PolicyRegistry } from '../policy/policy-registry.js';
import type { EntityCodecs } from '../serialize/entity/entity-codec.js';
import type { SecretTexts } from '../serialize/text/secret-texts.js';
import { KnownValues } from './believe/known-values.js';
import { SnapshotTrust } from './believe/snapshot-trust.js';
import { Schemas } from './orm/schemas.js';
import { LabelPolicies } from './record/labels.js';
import { TransactionScopes } from './transaction/transaction-scopes.js';

/** Everything that capturing knows of one MikroORM instance; made at boot. */
export class CaptureEnvironment {
  readonly transactions = new TransactionScopes();
  readonly snapshots: SnapshotTrust;
  readonly known: KnownValues;
  readonly schemas: Schemas;
  readonly labels: LabelPolicies;

  constructor(orm: MikroORM, policies: PolicyRegistry, codecs: EntityCodecs, secrets: SecretTexts) {
    const classes = policies.all().map(({ meta }) => meta.class);
    this.snapshots = new SnapshotTrust(classes, this.transactions);
    this.known = new KnownValues(this.snapshots);
    this.schemas = new Schemas(orm, policies, codecs);
    this.labels = new LabelPolicies((meta) => policies.find(meta), secrets);
  }
}
