/**
 * A sequencer in a process of its own, so that it can be killed. Says "ready" once it runs.
 * Run: node --import ../../e2e/typescript-loader.mjs sequencer-process.ts DATABASE_URL [FOLDER KEY]
 * With a folder and a key it seals, and publishes checkpoints there once a second.
 */
import 'reflect-metadata';
import { AuditSequencer, checkpointFolder, Ed25519Signer, type EvidenceOptions } from 'nestjs-mikro-audit';
import { bootSequenceApp } from './sequence-app.js';

const [, , url = '', folder, key] = process.argv;
const app = await bootSequenceApp(url, {
  sequencer: false,
  ...(folder !== undefined && key !== undefined && { evidence: evidence(folder, key) }),
});
process.stdout.write('ready\n');
await app.get(AuditSequencer).run(new AbortController().signal);

function evidence(folder: string, key: string): EvidenceOptions {
  return {
    origin: 'example.com/audit',
    signers: (origin) => [Ed25519Signer.of(origin, key)],
    publishers: [checkpointFolder(folder)],
    every: 1,
  };
}
