#!/usr/bin/env node
import { AuditProgram } from './audit-program.js';
import { Terminal } from './terminal.js';

const program = new AuditProgram(new Terminal(process.stdout, process.stderr), process.cwd());
// Handles that an app has forgotten to close must not keep a command from ending.
process.exit(await program.run(process.argv.slice(2)));
