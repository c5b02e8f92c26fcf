import { Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** Everything that the database or MikroORM puts in by itself. */
@Audited()
@Entity({ tableName: 'select' })
export class Filled {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer', version: true })
  lock!: number & Opt;

  @Property({ type: 'string', nullable: true, fieldName: 'order' })
  name?: string | null;

  @Property({ type: 'integer', default: 7 })
  counter!: number & Opt;

  @Property({ type: 'integer', nullable: true })
  plain?: number | null;

  @Property({ type: 'datetime', length: 3, defaultRaw: `'2020-01-01T00:00:00Z'::timestamptz` })
  at!: Date & Opt;

  @Property({ type: 'string', defaultRaw: `upper('abc')`, nullable: true })
  code?: string | null;

  @Property({ type: 'string', onCreate: () => 'created', nullable: true })
  made?: string | null;

  @Property({ type: 'integer', onCreate: () => 1, onUpdate: (one: Filled) => one.touched + 1 })
  touched!: number & Opt;

  @Property({ type: 'string', generated: `("order" || '!') stored`, nullable: true })
  loud?: string | null;

  @Property({ type: 'text', lazy: true, nullable: true })
  essay?: string | null;
}

@Audited()
@Entity()
export class Stamped {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'Date', version: true, length: 3 })
  lock!: Date & Opt;

  @Property({ type: 'string', nullable: true })
  name?: string | null;
}

/** Without version and generated columns. */
@Audited()
@Entity()
export class Counted {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  counter!: number;

  @Property({ type: 'string', nullable: true })
  name?: string | null;
}

export const storedEntities = [Filled, Stamped, Counted];
