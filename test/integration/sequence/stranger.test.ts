import { afterEach, expect, it, jest } from '@jest/globals';
import { AuditSequencer } from 'nestjs-mikro-audit';
import pg from 'pg';
import { sequenced } from '../../support/sequenced.js';
import { told } from '../evidence/sealing-app.js';
import { useSequence } from './use-sequence.js';

const suite = useSequence();
afterEach(() => {
  jest.restoreAllMocks();
});

it.each(['pg_advisory_lock', 'pg_advisory_lock_shared'])(
  'a stranger who has taken the lock of the sequencer with %s is named, and positions go on without them',
  async (take) => {
    const [role, password] = [`reader_${take}`, 'reader'];
    await suite.client.query(`create role ${role} login password '${password}'`);
    const url = new URL(suite.url);
    Object.assign(url, { username: role, password });
    const stranger = new pg.Client(url.href);
    try {
      await stranger.connect();
      await stranger.query(`select ${take}((x'4d41'::bigint << 32) | 'audit_tick'::regclass::oid::bigint)`);
      const warned = told(
        'warn',
        new RegExp(`held by the process \\d+ of the role ${role}.*pg_terminate_backend`),
      );
      await suite.boot();
      await warned;
      const [held] = await suite.app.get(AuditSequencer).health();
      expect(held).toMatchObject({
        isRunning: false,
        problem: expect.stringMatching(new RegExp(`held by the process \\d+ of the role ${role} `)),
      });
      await stranger.end();
      await suite.count(1);
      await sequenced(suite.app);
      expect((await suite.app.get(AuditSequencer).health())[0]).toMatchObject({
        isRunning: true,
        problem: null,
      });
    } finally {
      await stranger.end();
      await suite.client.query(`drop role ${role}`);
    }
  },
);
