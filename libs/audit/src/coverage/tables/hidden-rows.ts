import type { EntityManager } from '@mikro-orm/postgresql';
import { HiddenRowsError } from '../../errors/coverage-errors.js';
import { tablesOf } from './class-tables.js';
import type { CoveredClass } from './covered-classes.js';

/** Tables of which row level security may hide rows, and the role from which it hides them. */
export interface HiddenRows {
  readonly role: string;
  /** Quoted names. */
  readonly tables: readonly string[];
}

/** Of the tables of a class, those of which the role of its connection may not see all rows. */
export async function hiddenRowsOf(covered: CoveredClass): Promise<HiddenRows> {
  const em = covered.instance.policies.orm.em.fork() as EntityManager;
  const names = [...tablesOf(covered, em).keys()];
  const [row] = await em.getConnection(covered.readsFrom).execute<HiddenRows[]>(
    `select current_user as role, array(
       select name from json_array_elements_text(?) name where row_security_active(to_regclass(name)::oid)) as tables`,
    [JSON.stringify(names)],
  );
  return row ?? { role: '', tables: [] };
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
