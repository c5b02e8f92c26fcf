import { beforeAll, describe, expect, it } from '@jest/globals';
import { AuditContext, AuditRecorder, NotAuditedError } from 'nestjs-mikro-audit';
import { auditMatchers, type Recording, recordedBy, withActor } from 'nestjs-mikro-audit/testing';
import { Nurse, Patient, Unaudited, useHospital, Ward } from '../coverage/use-hospital.js';

expect.extend(auditMatchers);

const ANNA = { type: 'user', id: 'anna', label: 'Anna A.' } as const;

describe('what was recorded', () => {
  const { app, admit } = useHospital();
  let recording: Recording<string>;

  beforeAll(async () => {
    await admit();
    recording = await recordedBy(app.app, async () => {
      const em = app.orm.em.fork();
      const values = {
        actor: ANNA,
        action: 'ward.rename',
        reason: 'new sign',
        metadata: { sign: 7, floor: 1 },
      };
      await app.context.run(values, async () => {
        const ward = await em.findOneOrFail(Ward, 1);
        ward.name = 'South';
        await em.flush();
      });
      await withActor('bert', async () => {
        em.create(Nurse, { id: 3, name: 'Carla' });
        await em.flush();
        await app.app.get(AuditRecorder).record({ action: 'report.print', outcome: 'denied' });
      });
      return 'done';
    });
  });

  const messageOf = (judge: () => void): string => {
    try {
      judge();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('Nothing was thrown.');
  };

  it('is what the work has left, in the order of writing, and what it has given', () => {
    expect(recording.result).toBe('done');
    expect(recording.changes.map(({ entityType, operation }) => [entityType, operation])).toEqual([
      ['Ward', 'update'],
      ['Nurse', 'create'],
    ]);
    expect(recording.changes[0]?.revision).toMatchObject({ outcome: 'success', metadata: { sign: 7 } });
    expect(recording.actions.map(({ action }) => action)).toEqual(['report.print']);
  });

  it('matches by everything that a change has', () => {
    expect(recording).toHaveBeenAudited();
    expect(recording).toHaveBeenAudited({
      entity: Ward,
      id: 1,
      operation: 'update',
      changes: { name: ['North', 'South'] },
      actor: 'anna',
      action: 'ward.rename',
      reason: 'new sign',
      outcome: 'success',
      metadata: { sign: 7 },
    });
    expect(recording).toHaveBeenAudited({ entity: Nurse, id: '3', after: { name: 'Carla' }, actor: 'bert' });
    expect(recording).toHaveBeenAudited({ before: { name: 'North' }, actor: ANNA, onBehalfOf: null });
    expect(recording).toHaveBeenAudited({ actor: { label: expect.stringContaining('A.') } });
    expect(recording).toHaveBeenAudited({
      actor: expect.objectContaining({ id: 'anna' }),
      reason: expect.stringMatching(/sign/),
    });
    expect(recording).toHaveBeenAudited({ action: 'report.print', outcome: 'denied', actor: 'bert' });
  });

  it.each([
    ['another class', { entity: Patient }],
    ['another key', { entity: Ward, id: 2 }],
    ['another operation', { entity: Ward, operation: 'create' }],
    ['another value before', { changes: { name: ['East', 'South'] } }],
    ['another value after', { changes: { name: ['North', 'East'] } }],
    ['a property that has not changed', { entity: Ward, after: { id: 1 } }],
    ['another actor', { entity: Ward, actor: 'bert' }],
    ['another member of the actor', { actor: { id: 'anna', type: 'system' } }],
    ['somebody for whom nobody acted', { onBehalfOf: 'anna' }],
    ['another action', { action: 'ward.close' }],
    ['no reason', { entity: Ward, reason: null }],
    ['another outcome', { outcome: 'failure' }],
    ['other metadata', { metadata: { sign: 8 } }],
    ['an action with values', { action: 'report.print', after: {} }],
  ] as const)('does not match %s', (_, expected) => {
    expect(recording).not.toHaveBeenAudited(expected as object);
  });

  it('matches exactly what is listed, in its order', () => {
    const ward = { entity: Ward, operation: 'update' } as const;
    const nurse = { entity: Nurse, after: { name: 'Carla' } } as const;
    const action = { action: 'report.print' };
    expect(recording).toHaveBeenAuditedExactly(ward, nurse, action);
    expect(recording).not.toHaveBeenAuditedExactly(nurse, ward, action);
    expect(recording).not.toHaveBeenAuditedExactly(ward, nurse);
    expect(recording).not.toHaveBeenAuditedExactly(ward, nurse, action, action);
  });

  it('is listed when something else was expected, with what is not as expected', () => {
    const expected = { entity: Ward, actor: 'bert', changes: { name: ['North', 'East'] } } as const;
    expect(messageOf(() => expect(recording).toHaveBeenAudited(expected))).toBe(
      `Expected a record with { entity: Ward, actor: 'bert', changes: { name: [ 'North', 'East' ] } }

Recorded:
  - update Ward 1: name 'North' -> 'South'; by user anna (Anna A.); action ward.rename; reason 'new sign'
      but name after is 'South'; actor is { type: 'user', id: 'anna', label: 'Anna A.' }
  - create Nurse 3: id undefined -> 3, name undefined -> 'Carla'; by user bert
      but entity is no Ward; name before is undefined; name after is 'Carla'
  - action report.print (denied); by user bert
      but it has no change`,
    );
  });

  it('is listed when less was expected, with the matchers of values as they are written', () => {
    const expected = { entity: Ward, reason: expect.stringContaining('sign') } as const;
    expect(messageOf(() => expect(recording).not.toHaveBeenAudited(expected))).toContain(
      `Expected nothing to be recorded with { entity: Ward, reason: StringContaining 'sign' }\n\nRecorded:\n  - update Ward 1`,
    );
    expect(messageOf(() => expect(recording).toHaveBeenAuditedExactly(expected))).toContain(
      'by user bert\n      but nothing else was expected',
    );
  });

  it('has actions and changes in one order', async () => {
    const mixed = await recordedBy(app.app, async () => {
      const em = app.orm.em.fork();
      await app.app.get(AuditRecorder).record({ action: 'nurse.hire' });
      em.create(Nurse, { id: 4, name: 'Doris' });
      await em.flush();
    });
    expect(mixed).toHaveBeenAuditedExactly({ action: 'nurse.hire' }, { entity: Nurse, id: 4 });
  });

  it('is nothing where nothing is flushed', async () => {
    const idle = await recordedBy(app.app, () => undefined);
    expect(idle).not.toHaveBeenAudited();
    expect(idle).toHaveBeenAuditedExactly();
    expect(messageOf(() => expect(idle).toHaveBeenAudited())).toContain('Nothing was recorded.');
  });

  it.each([
    ['a word that no expectation has', () => ({ operaton: 'update' }), /no "operaton"/],
    ['a key of no class', () => ({ id: 1 }), /id of no entity/],
    ['a value in place of two', () => ({ changes: { name: 'South' } }), /before and after/],
    ['no object', () => 'update', /An expectation is 'update'/],
  ])('refuses %s, also where it is negated', (_, expected, message) => {
    expect(() => expect(recording).not.toHaveBeenAudited(expected() as object)).toThrow(message);
  });

  it('refuses a class that is not audited, and what is no recording', () => {
    expect(() => expect(recording).not.toHaveBeenAudited({ entity: Unaudited })).toThrow(NotAuditedError);
    expect(() => expect([]).not.toHaveBeenAudited()).toThrow(/no recording/);
    expect(() => expect(undefined).not.toHaveBeenAudited()).toThrow(/no recording/);
  });

  it('leaves the error of the work, and the context around it, as they are', async () => {
    const failing = recordedBy(app.app, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(withActor(ANNA, () => app.app.get(AuditContext).current()?.actor)).toEqual(ANNA);
    expect(app.app.get(AuditContext).current()).toBeNull();
  });
});
