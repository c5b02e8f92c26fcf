import { companyEntities, Person } from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { verbOf } from '../../support/statement-log.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** The company, with a person who is in the database only. */
export function usePeople() {
  const app = useAuditedApp({ entities: companyEntities, oracle: companyOracle });

  /** The kinds of statement of the flush, in order; ours begins with `with`. */
  const kinds = () => app.statements.take().map(verbOf);

  async function personInDatabase(values: Partial<Person> = {}): Promise<number> {
    const own = app.orm.em.fork();
    const person = own.create(Person, { name: 'stored', email: 'e', biography: 'b', ...values });
    await own.flush();
    app.statements.take();
    return person.id;
  }

  async function lastChange(id: number) {
    const { items } = await app.reader.history(Person, id, { limit: 1 });
    const [change] = items;
    return { operation: change?.operation, before: change?.before, after: change?.after };
  }

  return { app, kinds, personInDatabase, lastChange };
}
