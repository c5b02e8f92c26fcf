import { Person, Skill } from '../../support/fixtures/company.js';
import { useCompany } from './use-company.js';

/** The company, with a person who has two skills of three. */
export function useSkills() {
  const { app, lastChange } = useCompany();

  /** A person with two skills, and a third skill. */
  async function arrange() {
    const own = app.orm.em.fork();
    const skills = ['a', 'b', 'c'].map((name) => own.create(Skill, { name }));
    const [a, b, c] = skills as [Skill, Skill, Skill];
    const person = own.create(Person, { name: 'p' });
    person.skills.add(a, b);
    await own.flush();
    return { personId: person.id, a: a.id, b: b.id, c: c.id };
  }

  return { app, lastChange, arrange };
}
