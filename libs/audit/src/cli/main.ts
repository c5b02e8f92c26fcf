#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

if (process.argv.includes('verify')) {
  // It keeps one page of rows, and Node would let ten times as much garbage pile up. Flags come before anything is loaded: a space that
  // has grown does not shrink.
  for (const flag of [
    '--semi-space-growth-factor=1',
    '--max-semi-space-size=1',
    '--heap-growing-percent=20',
  ]) {
    setFlagsFromString(flag);
  }
}

const [{ AuditProgram }, { Terminal }] = await Promise.all([
  import('./audit-program.js'),
  import('./terminal.js'),
]);
const program = new AuditProgram(new Terminal(process.stdout, process.stderr), process.cwd());
// Handles that an app has forgotten to close must not keep a command from ending.
process.exit(await program.run(process.argv.slice(2)));
