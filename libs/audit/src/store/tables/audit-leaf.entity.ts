import { defineEntity, p } from '@mikro-orm/core';

const { bigint, blob, json } = p;

/**
 * Table `audit_leaf`: the Merkle leaf of each position that is sealed. It stands beside `audit_position`, because positions are given by
 * one statement inside the server, and leaves are made of the rows outside of it; trails that are not sealed have none.
 */
const AuditLeafSchema = defineEntity({
  name: 'AuditLeaf',
  tableName: 'audit_leaf',
  comment: 'nestjs-mikro-audit: hashes of the rows that are sealed, and what their values are salted with',
  properties: {
    position: bigint('string').fieldName('position').primary().autoincrement(false),
    hash: blob().fieldName('hash'),
    // Null once a value of the row was erased; then the salts that remain are in the next column.
    seed: blob().fieldName('seed').nullable(),
    salts: json().fieldName('salts').nullable(),
  },
});

/** Entity of the table `audit_leaf`, so that the app's migrations create it. */
export class AuditLeaf extends AuditLeafSchema.class {}
AuditLeafSchema.setClass(AuditLeaf);
