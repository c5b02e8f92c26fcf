import { companyEntities } from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** The company, and the newest change of one of its entities. */
export function useCompany() {
  const app = useAuditedApp({ entities: companyEntities, oracle: companyOracle });

  async function lastChange(
    entity: Parameters<typeof app.reader.history>[0],
    id: Parameters<typeof app.reader.history>[1],
  ) {
    const { items } = await app.reader.history(entity, id, { limit: 1 });
    const [change] = items;
    return { operation: change?.operation, before: change?.before, after: change?.after };
  }

  return { app, lastChange };
}
