/**
 * Measures the cost of auditing: `npm run bench`. Runs with `--expose-gc` and test/e2e/typescript-loader.mjs, see package.json.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchServer, startBenchServer } from './database/bench-server.js';
import { environmentOf } from './measure/environment.js';
import { PEERS } from './peers/peer.js';
import { FULL, type Plan, QUICK, SECTIONS, type SectionId, secondsOf } from './plan.js';
import { flushChart, peerChart } from './report/charts.js';
import { consoleReport } from './report/console-report.js';
import { markdownReport } from './report/markdown-report.js';
import { ProgressBar } from './report/progress-bar.js';
import type { BenchResult, Section } from './report/result.js';
import type { BenchRun } from './sections/bench-run.js';
import { contextSection } from './sections/context-section.js';
import { flushSection } from './sections/flush-section.js';
import { nativeNetworkSection, nativeSection } from './sections/native-section.js';
import { peerSection } from './sections/peer-section.js';
import { networkSection, requestSection } from './sections/request-section.js';
import { throughputSection } from './sections/throughput-section.js';
import { transactionSection } from './sections/transaction-section.js';

const RUN: Readonly<Record<SectionId, (run: BenchRun) => Promise<Section>>> = {
  flush: flushSection,
  request: requestSection,
  network: networkSection,
  transaction: transactionSection,
  throughput: throughputSection,
  native: nativeSection,
  nativeNetwork: nativeNetworkSection,
  peers: peerSection,
  context: contextSection,
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    fsync: { type: 'boolean', default: false },
    only: { type: 'string', default: SECTIONS.join(',') },
    /** Writes docs/benchmarks.md after a quick or partial run too. */
    write: { type: 'boolean', default: false },
  },
});

const chosen = SECTIONS.filter((section) => options.only.split(',').includes(section));
const withPeers = chosen.includes('peers');
if (withPeers || chosen.includes('context')) {
  installPeers();
}
const plan: Plan = options.quick ? QUICK : FULL;
const peers = Object.keys(PEERS).length;
const progress = new ProgressBar(chosen.reduce((sum, section) => sum + secondsOf(plan, section, peers), 0));
const server = await startBenchServer({ fsync: options.fsync ? 'on' : 'off', shared_buffers: '512MB' });
try {
  const result = await measureAll(server);
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : consoleReport(result));
  if (options.write || (!options.quick && chosen.length === SECTIONS.length)) {
    writeDocs(result);
  }
} finally {
  await server.stop();
}

async function measureAll(benchServer: BenchServer): Promise<BenchResult> {
  const environment = environmentOf(benchServer, { withPeers });
  const sections: Section[] = [];
  for (const section of chosen) {
    sections.push(await RUN[section]({ server: benchServer, plan, progress }));
  }
  progress.end();
  const loadAfter = loadavg()[0]?.toFixed(2);
  return {
    environment: { ...environment, load: `${environment.load} before, ${loadAfter} at the end` },
    isQuick: options.quick,
    sections,
  };
}

function writeDocs(result: BenchResult): void {
  const write = (name: string, text: string | null) => {
    if (text !== null) {
      writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
    }
  };
  write('benchmarks.md', markdownReport(result));
  write('benchmarks-flush.svg', flushChart(result));
  write('benchmarks-peers.svg', peerChart(result));
}

/** Nobody else needs the contenders, so they are installed here, and only when needed. */
function installPeers(): void {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (!existsSync(new URL('node_modules/typeorm', import.meta.url))) {
    process.stderr.write('Installing what to compare with (npm ci in bench/) ...\n');
    execFileSync('npm', ['ci', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 2] });
  }
}
