import { describe, expect, it } from '@jest/globals';
import type { FlushEventArgs } from '@mikro-orm/core';
import { raw } from '@mikro-orm/core';
import { Person, Skill } from '../../support/fixtures/company.js';
import { useCompany } from './use-company.js';

const { app, lastChange } = useCompany();

describe('changes by others after our listener', () => {
  it('a subscriber that turns a delete into an update', async () => {
    const softDelete = {
      onFlush({ uow }: FlushEventArgs) {
        for (const changeSet of uow.getChangeSets()) {
          if (changeSet.type === 'delete' && changeSet.entity instanceof Skill) {
            changeSet.entity.name = 'deleted';
            uow.computeChangeSet(changeSet.entity, 'update' as never);
          }
        }
      },
    };
    const skill = app.em.create(Skill, { name: 'x' });
    await app.em.flush();
    const fork = app.orm.em.fork();
    app.orm.em.getEventManager().registerSubscriber(softDelete);
    const loaded = await fork.findOneOrFail(Skill, skill.id);
    fork.remove(loaded);
    await fork.flush();
    expect(await lastChange(Skill, skill.id)).toEqual({
      operation: 'update',
      before: { name: 'x' },
      after: { name: 'deleted' },
    });
  });

  it('raw SQL expressions are recorded with their result', async () => {
    const person = app.em.create(Person, { name: 'a' });
    await app.em.flush();
    person.name = raw(`upper(name) || 'x'`) as never;
    await app.em.flush();
    expect(await lastChange(Person, person.id)).toEqual({
      operation: 'update',
      before: { name: 'a' },
      after: { name: 'Ax' },
    });
  });
});
