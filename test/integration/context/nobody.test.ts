import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, AuditRecorder, systemActor } from 'nestjs-mikro-audit';
import { Notes } from './notes.module.js';
import { useNotes } from './use-notes.js';

const { audited, trail } = useNotes();
let notes: Notes;
let recorder: AuditRecorder;

beforeAll(() => {
  [notes, recorder] = [audited.app.get(Notes), audited.app.get(AuditRecorder)];
});

describe('requireActor', () => {
  it.each<[unknown]>([
    ['boss'],
    [{}],
    [{ type: 'user' }],
    [{ type: 'user', id: '', label: '' }],
    [{ type: 'user', id: Number.NaN }],
    [{ type: 'user', id: '\u200b' }],
    [{ type: 'nonsense', id: '1' }],
    [{ type: 'unknown', id: null, label: null }],
    [{ type: 'anonymous', id: null, label: null }],
  ])('is not met by %p, by whatever door it comes', async (nobody) => {
    const values = { actor: nobody as Actor, reason: 'x' };
    const { context } = audited;
    const missing = { code: 'AUDIT_ACTOR_MISSING' };
    await expect(context.run(values, () => notes.write('x'))).rejects.toMatchObject(missing);
    await expect(
      context.run({ actor: systemActor('job') }, () => context.run(values, () => notes.write('x'))),
    ).rejects.toMatchObject(missing);
    const assigned = context.run({ actor: systemActor('job') }, () => {
      context.assign(values);
      return notes.write('x');
    });
    await expect(assigned).rejects.toMatchObject(missing);
    await expect(recorder.record({ action: 'x', ...values })).rejects.toMatchObject(missing);
    expect(await trail()).toEqual([]);
  });
});
