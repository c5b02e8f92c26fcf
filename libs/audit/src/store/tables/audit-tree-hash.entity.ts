import { defineEntity, p } from '@mikro-orm/core';

const { bigint, blob, integer } = p;

/** Table `audit_tree_hash`: roots of whole subtrees of the Merkle tree, one for 256 hashes below, so that a proof reads few of them. */
const AuditTreeHashSchema = defineEntity({
  name: 'AuditTreeHash',
  tableName: 'audit_tree_hash',
  comment: 'nestjs-mikro-audit: hashes of the Merkle tree above its leaves',
  properties: {
    level: integer().fieldName('level').primary().autoincrement(false),
    index: bigint('string').fieldName('index').primary().autoincrement(false),
    hash: blob().fieldName('hash'),
  },
});

/** Entity of the table `audit_tree_hash`, so that the app's migrations create it. */
export class AuditTreeHash extends AuditTreeHashSchema.class {}
AuditTreeHashSchema.setClass(AuditTreeHash);
