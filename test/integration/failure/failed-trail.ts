import type { MikroORM } from '@mikro-orm/postgresql';

/** SQL that makes every insert into a table fail for real, and SQL that ends it. */
export interface Sabotage {
  readonly title: string;
  readonly begin: string;
  readonly end: string;
  /** The message of the database then. */
  readonly sqlState: string;
}

const trigger = (table: string): Sabotage => ({
  title: `a trigger on ${table} that raises`,
  begin: `create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no audit today' using errcode = 'AU001'; end $$;
    create trigger refuse before insert on ${table} for each row execute function refuse()`,
  end: 'drop function refuse() cascade',
  sqlState: 'AU001',
});

/** Every way of failing once. */
export const SABOTAGES: readonly Sabotage[] = [
  trigger('audit_change'),
  {
    title: 'a missing table',
    begin: 'alter table audit_change rename to audit_gone',
    end: 'alter table audit_gone rename to audit_change',
    sqlState: '42P01',
  },
  {
    title: 'a violated constraint',
    begin: 'alter table audit_change add constraint closed check (false) not valid',
    end: 'alter table audit_change drop constraint closed',
    sqlState: '23514',
  },
  {
    title: 'a missing column',
    begin: 'alter table audit_change rename reason to why',
    end: 'alter table audit_change rename why to reason',
    sqlState: '42703',
  },
];

/** Runs work while no audit row can be written. */
export async function withoutTrail<T>(
  orm: MikroORM,
  work: () => Promise<T>,
  sabotage: Sabotage = trigger('audit_change'),
): Promise<T> {
  const connection = orm.em.getConnection();
  await connection.execute(sabotage.begin);
  try {
    return await work();
  } finally {
    await connection.execute(sabotage.end);
  }
}
