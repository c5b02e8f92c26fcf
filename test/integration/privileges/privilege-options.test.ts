import { describe, expect, it } from '@jest/globals';
import { auditPrivileges } from 'nestjs-mikro-audit';

describe('auditPrivileges()', () => {
  it.each([
    [{ owner: 'a' }, 'writer'],
    [{ owner: 'a', writer: 'a' }, 'one role for two'],
    [{ owner: 'a', writer: 'b', relay: 'b' }, 'one role for two'],
    [{ owner: 'a', writer: 'b', admin: 'c' }, 'admin'],
    [{ owner: 'a', writer: 'b', reader: '' }, 'reader'],
  ])('refuses %j', (options, text) => {
    expect(() => auditPrivileges(options as Parameters<typeof auditPrivileges>[0])).toThrow(text);
  });

  it.each([
    [{}, '"b"'],
    [{ sequencer: 's' }, '"s"'],
  ])('lets one role give positions: with %j it is %s', (options, role) => {
    const script = auditPrivileges({ owner: 'a', writer: 'b', ...options });
    const grants = [...script.matchAll(/grant insert on .*"audit_position".* to (.*);/g)].map(([, to]) => to);
    expect(grants).toEqual([role]);
  });
});
