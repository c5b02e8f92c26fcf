import type pg from 'pg';

/** Counts what is wrong with the positions; zero everywhere where nothing is. */
export interface OrderFaults {
  /** Rows without a position. */
  readonly lost: number;
  /** Positions of no row, and of a row that has another one. */
  readonly doubled: number;
  /** Positions that are left out. */
  readonly gaps: number;
  /** Changes of a row of the application that do not come right behind the one before. */
  readonly misordered: number;
  /** Revisions whose rows have others between them. */
  readonly torn: number;
}

export const NO_FAULT: OrderFaults = { lost: 0, doubled: 0, gaps: 0, misordered: 0, torn: 0 };

/**
 * Compares the positions with what was committed: each change of `counted` has the version that its row had then, which rises by one
 * with each commit, because writers of a row wait for each other.
 */
const FAULTS = `with given as (
  select p.position, c.id, coalesce(c.revision_id, c.id) as revision, c.entity_id, (c.after ->> 'version')::int as version
  from audit_position p join audit_change c on c.id = p.change_id
), lined as (
  select given.*, lag(version) over (partition by entity_id order by position) as before,
    row_number() over (order by position) - 1 as place
  from given
)
select
  (select count(*)::int from audit_change c where not exists (select from audit_position p where p.change_id = c.id)) as lost,
  (select (select count(*) from audit_position)::int - count(distinct id)::int from given) as doubled,
  (select count(*)::int from lined where place <> position) as gaps,
  (select count(*)::int from lined where version <> coalesce(before, 0) + 1) as misordered,
  (select count(*)::int from (
    select from given group by revision having max(position) - min(position) + 1 <> count(*)
  ) torn) as torn`;

export async function orderFaults(client: pg.Client): Promise<OrderFaults> {
  const [faults] = (await client.query<OrderFaults>(FAULTS)).rows;
  if (!faults) {
    throw new Error('The positions have not been compared.');
  }
  return faults;
}
