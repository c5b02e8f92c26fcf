import { Collection, type Opt, type Ref, type ScalarRef, Type } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** Entities that are written in less usual ways. */

export class Money {
  constructor(readonly cents: number) {}
}

class MoneyType extends Type<Money | null, number | null> {
  override convertToDatabaseValue(value: Money | null): number | null {
    return value === null ? null : value.cents;
  }

  override convertToJSValue(value: number | null): Money | null {
    return value === null ? null : new Money(value);
  }

  override getColumnType(): string {
    return 'int';
  }
}

@Audited({ name: 'account', formerly: { names: ['konto'], properties: { title: 'name' } } })
@Entity()
export class Account {
  @PrimaryKey({ type: 'bigint' })
  id!: bigint;

  @Property({ type: 'string' })
  readonly title: string;

  @Property({ type: MoneyType })
  balance: Money = new Money(0);

  @Property({ type: 'text', lazy: true, ref: true, nullable: true })
  story?: ScalarRef<string> | null;

  @Property({ type: 'string', default: 'new' })
  grade: string & Opt = 'new';

  @ManyToOne({ entity: () => Account, nullable: true, ref: true, deleteRule: 'cascade' })
  parent?: Ref<Account> | null;

  @ManyToOne({ entity: () => Account, nullable: true, mapToPk: true })
  twin?: bigint | null;

  @ManyToMany({ entity: () => Club, mappedBy: 'members' })
  clubs = new Collection<Club>(this);

  constructor(title: string) {
    this.title = title;
  }
}

/** Not audited, so that its links are recorded by the accounts. */
@Entity()
export class Club {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Account, inversedBy: 'clubs' })
  members = new Collection<Account>(this);
}

@Audited({ name: 'ticket' })
@Entity()
export class Ticket {
  @PrimaryKey({ type: 'integer', generated: 'identity' })
  id!: number;

  @Property({ type: 'string' })
  text!: string;
}

export const odd = [Account, Club, Ticket];
