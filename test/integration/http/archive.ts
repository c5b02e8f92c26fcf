import { Collection, type Opt } from '@mikro-orm/core';
import {
  Embeddable,
  Embedded,
  Entity,
  ManyToMany,
  ManyToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** An archive of several tenants, in shapes that the law firm does not have: a tree, a family of classes, lists in JSON. */

@Embeddable()
export class Party {
  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'string', nullable: true })
  phone?: string | null;
}

@Audited({ name: 'keyword', label: 'word' })
@Entity()
export class Keyword {
  @PrimaryKey({ type: 'string' })
  word!: string;
}

@Audited({ name: 'folder', label: 'name' })
@Entity()
export class Folder {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'string', nullable: true })
  shelf?: string | null;

  @ManyToOne({ entity: () => Folder, nullable: true, deleteRule: 'cascade' })
  parent?: Folder | null;
}

@Audited({ name: 'paper', partOf: 'folder', label: ({ title }) => `Paper ${title}` })
@Entity({ discriminatorColumn: 'kind', discriminatorValue: 'paper' })
export class Paper {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  kind: string & Opt = 'paper';

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'string', nullable: true })
  remark?: string | null;

  @Property({ type: 'json', nullable: true })
  data?: unknown;

  @Embedded(() => Party, { array: true })
  parties: Party[] & Opt = [];

  @ManyToOne({ entity: () => Folder, deleteRule: 'cascade' })
  folder!: Folder;

  @ManyToMany({ entity: () => Keyword })
  keywords = new Collection<Keyword>(this);
}

@Audited({ name: 'contract', partOf: 'folder' })
@Entity({ discriminatorValue: 'contract' })
export class Contract extends Paper {
  @Property({ type: 'string', nullable: true })
  terms?: string | null;
}

export const archive = [Keyword, Folder, Paper, Contract];

export const archiveOracle = {
  entities: [
    { entity: Keyword, name: 'keyword' },
    { entity: Folder, name: 'folder' },
    { entity: Paper, name: 'paper' },
    { entity: Contract, name: 'contract' },
  ],
};
