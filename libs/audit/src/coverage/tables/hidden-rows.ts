import type { EntityManager } from '@mikro-orm/postgresql';
import { HiddenRowsError } from '../../errors/coverage-errors.js';
import { tablesAround } from './class-tables.js';
import type { CoveredClass } from './covered-classes.js';

const HIDDEN = `select current_user as role, array(
  select name from json_array_elements_text(?) name where row_security_active(to_regclass(name)::oid)) as tables`;

/** Tables of which row level security may hide rows, and the role from which it hides them. */
export interface HiddenRows {
  readonly role: string;
  /** Quoted names. */
  readonly tables: readonly string[];
}

/**
 * Of the tables around a class, those of which not all rows may be seen. A transaction has the role and the settings of the session of the
 * EntityManager that runs, such as that of a tenant; what is read outside of one has those of the connection.
 */
export async function hiddenRowsOf(covered: CoveredClass): Promise<HiddenRows> {
  const em = covered.instance.policies.orm.em.fork() as EntityManager;
  const parameters = [JSON.stringify([...new Set(tablesAround(covered, em))])];
  const answers = [
    await em.getConnection(covered.readsFrom).execute<HiddenRows[]>(HIDDEN, parameters),
    await em.transactional((inner) => inner.execute<HiddenRows[]>(HIDDEN, parameters)),
  ];
  const found = answers.flatMap((rows) => rows.filter(({ tables }) => tables.length > 0));
  return found[0] ?? { role: '', tables: [] };
}

/**
 * Whoever takes the rows that it sees for all would record deletes of the others, or leave them out.
 * @param method for messages
 * @throws HiddenRowsError
 */
export async function assertNothingHidden(classes: readonly CoveredClass[], method: string): Promise<void> {
  for (const covered of classes) {
    const { role, tables } = await hiddenRowsOf(covered);
    if (tables.length > 0) {
      throw new HiddenRowsError(method, covered.policy.entityType, role, tables);
    }
  }
}
