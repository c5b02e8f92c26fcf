import { Command } from 'commander';
import { AuditDoctor } from '../../coverage/doctor/audit-doctor.js';
import type { DoctorFinding } from '../../coverage/doctor/doctor-finding.js';
import type { Work } from '../command-run.js';
import { EXIT } from '../exit-codes.js';
import { type ScopeArguments, scopeOf, withScope } from '../scope-options.js';
import type { Terminal } from '../terminal.js';

interface DoctorArguments extends ScopeArguments {
  readonly strict?: boolean;
}

const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const;

export function doctorCommand(): { readonly command: Command; readonly work: Work<DoctorArguments> } {
  const command = withScope(
    new Command('doctor').description(
      'Look once at the database and the policy: what is audited, and what could keep the trail from being whole. It only reads.',
    ),
  ).option('--strict', 'warnings count as errors do, for a CI');
  return { command, work: examine };
}

const examine: Work<DoctorArguments> = async ({ strict, ...scope }, { terminal, json, service }) => {
  const findings = await service(AuditDoctor).examine(scopeOf(scope));
  if (json) {
    terminal.line(JSON.stringify(findings));
  } else {
    print(findings, terminal);
  }
  const isGrave = ({ severity }: DoctorFinding): boolean =>
    severity === 'error' || (strict === true && severity === 'warning');
  return findings.some(isGrave) ? EXIT.found : EXIT.ok;
};

function print(findings: readonly DoctorFinding[], terminal: Terminal): void {
  for (const { code, severity, subject, message, remedy } of findings) {
    terminal.line(terminal.styled(STYLES[severity], `${severity} ${code}`), ` ${subject}: ${message}`);
    if (remedy !== null) {
      terminal.line(`  ${remedy}`);
    }
  }
  const count = (one: DoctorFinding['severity']) =>
    findings.filter(({ severity }) => severity === one).length;
  terminal.line(`${count('error')} errors, ${count('warning')} warnings.`);
}
