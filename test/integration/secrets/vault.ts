import { Collection } from '@mikro-orm/core';
import {
  Embeddable,
  Embedded,
  Entity,
  ManyToMany,
  ManyToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { JsonType } from '@mikro-orm/postgresql';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';

/** Entities with a place for every way in which a secret can be somewhere. */

@Embeddable()
export class Login {
  @Property({ type: 'string', nullable: true })
  user?: string | null;

  @Property({ type: 'string', nullable: true })
  password?: string | null;

  @Property({ type: 'string', nullable: true })
  remark?: string | null;

  @Property({ type: 'json', nullable: true })
  extra?: unknown;
}

/** Not audited, with a key that is nobody's business. */
@Entity()
export class Holder {
  @PrimaryKey({ type: 'string' })
  code!: string;
}

@Audited({ name: 'vault', label: 'title' })
@Entity()
export class Vault {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'string', nullable: true })
  dbPass?: string | null;

  @Property({ type: 'string', nullable: true })
  ssh_key?: string | null;

  @Property({ type: 'string', nullable: true, fieldName: 'c7' })
  smsCode?: string | null;

  @Property({ type: 'text', nullable: true })
  notes?: string | null;

  @Property({ type: 'string', nullable: true })
  paidWith?: string | null;

  @Property({ type: 'json', nullable: true })
  data?: unknown;

  @Property({ type: JsonType, columnType: 'text', nullable: true })
  textData?: unknown;

  @Property({ type: 'array', nullable: true })
  lines?: string[] | null;

  @Embedded(() => Login, { nullable: true })
  login?: Login | null;

  @Embedded(() => Login, { object: true, nullable: true })
  document?: Login | null;

  @Embedded(() => Login, { array: true, nullable: true })
  logins?: Login[] | null;

  @AuditMask()
  @Property({ type: 'string', nullable: true })
  email?: string | null;

  @AuditMask('hash')
  @Property({ type: 'string', nullable: true })
  taxNumber?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  scratch?: string | null;

  @Property({ type: 'string', nullable: true, hidden: true })
  concealed?: string | null;

  @AuditMask()
  @ManyToOne({ entity: () => Holder, nullable: true })
  owner?: Holder | null;

  @ManyToOne({ entity: () => Holder, nullable: true })
  accessToken?: Holder | null;

  @AuditMask()
  @ManyToMany({ entity: () => Holder, pivotTable: 'vault_holders' })
  holders = new Collection<Holder>(this);

  @ManyToMany({ entity: () => Holder, pivotTable: 'vault_tokens' })
  apiTokens = new Collection<Holder>(this);
}

@Audited({ name: 'visit', partOf: 'vault', label: ({ remark }) => `Visit: ${remark}` })
@Entity()
export class Visit {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  remark!: string;

  @ManyToOne({ entity: () => Vault })
  vault!: Vault;
}

export const vaultEntities = [Holder, Vault, Visit];

export const vaultOracle = {
  entities: [
    { entity: Vault, name: 'vault' },
    { entity: Visit, name: 'visit' },
  ],
};
