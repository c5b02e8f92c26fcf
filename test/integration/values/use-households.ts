import { beforeEach, expect } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Country, ExactHouse, embeddableEntities, House, type Household } from './embeddable-model.js';
import { ENGLAND, FRANCE } from './embeddable-values.js';
import { changesOf, type StoredChange } from './trail-values.js';

/** Houses of either class, to create and to change, and what the trail has of them. */
export function useHouseholds() {
  const audited = useAuditedApp({ entities: embeddableEntities });

  beforeEach(async () => {
    const em = fork();
    em.create(Country, { id: ENGLAND, name: 'England' });
    em.create(Country, { id: FRANCE, name: 'France' });
    await em.flush();
  });

  function fork(): EntityManager {
    return audited.orm.em.fork();
  }

  function of(type: typeof House | typeof ExactHouse) {
    async function create(values: Partial<Household>): Promise<void> {
      const em = fork();
      em.create(type, values as never);
      await em.flush();
    }

    async function change(work: (house: Household, em: EntityManager) => void): Promise<void> {
      const em = fork();
      work(await em.findOneOrFail(type as typeof House, 1), em);
      await em.flush();
    }

    const load = async (): Promise<Household> => fork().findOneOrFail(type as typeof House, 1);
    const changes = (): Promise<StoredChange[]> => changesOf(audited, type.name);
    const updates = async () => (await changes()).slice(1).map(([, before, after]) => [before, after]);

    /** A change without effect. */
    async function touch(): Promise<void> {
      await change((house) => {
        house.label = 'touched';
      });
      expect((await changes()).at(-1)).toEqual(['update', { label: null }, { label: 'touched' }]);
    }

    return { create, change, load, changes, updates, touch };
  }

  return { audited, of };
}
