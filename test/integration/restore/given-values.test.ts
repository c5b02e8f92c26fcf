import { describe, expect, it } from '@jest/globals';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask, InvalidQueryError } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited({ name: 'team' })
@Entity()
class Team {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited({ name: 'user' })
@Entity({ tableName: 'users' })
class User {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'string' })
  password!: string;

  @AuditMask('last4')
  @Property({ type: 'bigint' })
  card!: bigint;

  @AuditIgnore()
  @Property({ type: 'integer' })
  visits!: number;

  @AuditMask()
  @ManyToOne({ entity: () => Team })
  team!: Team;
}

const audited = useAuditedApp({
  entities: [Team, User],
  oracle: {
    entities: [
      { entity: Team, name: 'team' },
      { entity: User, name: 'user', ignore: ['visits'] },
    ],
  },
});

const VALUES = { password: 'top secret', card: 1_234_567_890n, visits: 3, team: 1 };

async function deleteUser(): Promise<void> {
  const em = audited.orm.em.fork();
  const team = em.create(Team, {});
  await em.flush();
  const user = em.create(User, { name: 'Ann', password: 'old', card: 1n, visits: 1, team });
  await em.flush();
  em.remove(user);
  await em.flush();
}

const stored = () =>
  audited.orm.em
    .fork()
    .getConnection()
    .execute('select name, password, card::text, visits, team_id from users');

const RESTORED = [{ name: 'Ann', password: 'top secret', card: '1234567890', visits: 3, team_id: 1 }];

describe('an undelete with values for what the trail does not have', () => {
  it('is blocked without them, and is done with them', async () => {
    await deleteUser();
    expect((await audited.restorer.planUndelete(User, 1)).blocked).toBe(true);
    const plan = await audited.restorer.planUndelete(User, 1, { values: VALUES });
    expect(plan.conflicts.map(({ kind, path }) => [kind, path])).toEqual([['changed-since', null]]);
    await audited.restorer.apply(plan);
    expect(await stored()).toEqual(RESTORED);
  });

  it('shows what is given as such, and has it in clear nowhere', async () => {
    await deleteUser();
    const plan = await audited.restorer.planUndelete(User, 1, { values: VALUES });
    expect(plan.steps[0]?.values.filter(({ given }) => given)).toEqual([
      { path: 'password', after: { $mask: { kind: 'redact' } }, given: true, labels: {} },
      expect.objectContaining({ path: 'card', given: true }),
      { path: 'team', after: { $mask: { kind: 'redact' } }, given: true, labels: {} },
      { path: 'visits', given: true, labels: {} },
    ]);
    expect(plan.request).toMatchObject({ given: ['password', 'card', 'visits', 'team'] });
    const text = JSON.stringify(plan) + Buffer.from(plan.token.slice(3), 'base64url').toString();
    expect(text).not.toMatch(/top secret|1234567890/);
    await audited.restorer.apply(plan);
    const trail = await audited.orm.em.fork().getConnection().execute('select * from audit_change');
    expect(JSON.stringify(trail)).not.toMatch(/top secret|1234567890/);
  });

  it('needs them again when the plan comes from elsewhere', async () => {
    await deleteUser();
    const { token } = await audited.restorer.planUndelete(User, 1, { values: VALUES });
    await expect(audited.restorer.apply({ token })).rejects.toThrow(/values .* lack password, card/);
    expect((await audited.restorer.review(token, { values: VALUES })).blocked).toBe(false);
    await audited.restorer.apply({ token }, { values: VALUES });
    expect(await stored()).toEqual(RESTORED);
  });

  it.each([
    ['is known', { name: 'Eve' }],
    ['is none', { nonsense: 1 }],
    ['does not fit', { card: Symbol('x') }],
  ])('refuses a value for what %s', async (_what, values) => {
    await deleteUser();
    await expect(
      audited.restorer.planUndelete(User, 1, { values: { ...VALUES, ...values } }),
    ).rejects.toThrow(InvalidQueryError);
  });
});
