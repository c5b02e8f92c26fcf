/**
 * A sequencer in a process of its own, so that it can be killed. Says "ready" once it runs.
 * Run: node --import ../../e2e/typescript-loader.mjs sequencer-process.ts DATABASE_URL
 */
import 'reflect-metadata';
import { AuditSequencer } from 'nestjs-mikro-audit';
import { bootSequenceApp } from './sequence-app.js';

const app = await bootSequenceApp(process.argv[2] ?? '', { sequencer: false });
process.stdout.write('ready\n');
await app.get(AuditSequencer).run(new AbortController().signal);
