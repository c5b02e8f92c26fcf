import { runSeries } from '../measure/series.js';
import { openPeer, PEERS, type PeerName, peerVariant } from '../peers/peer.js';
import type { Row, Section } from '../report/result.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** Other ORMs with their audit packages, each against itself without. */
export async function peerSection(run: BenchRun): Promise<Section> {
  const rows: Row[] = [];
  for (const name of Object.keys(PEERS) as PeerName[]) {
    rows.push(...(await rowsOfPeer(name, run)));
  }
  return { id: 'peers', rows };
}

async function rowsOfPeer(name: PeerName, { server, plan, progress }: BenchRun): Promise<Row[]> {
  const plain = await openPeer(name, { url: await server.createDatabase(`${name}_plain`), audited: false });
  const audited = await openPeer(name, {
    url: await server.createDatabase(`${name}_audited`),
    audited: true,
  });
  const rows: Row[] = [];
  for (const [key, seconds] of Object.entries(plan.peers)) {
    const size = Number(key);
    progress.begin(`${PEERS[name].label}, ${size}`, seconds);
    const series = await runSeries(
      [peerVariant('plain', plain, size), peerVariant(name, audited, size)],
      { budget: seconds * 1_000, atLeast: 3, atMost: 4_000, collectGarbage: size >= 1_000 },
      progress,
    );
    const nameOf = (operation: string) => `${operation} ${size}`;
    rows.push(
      ...rowsOf(series, { base: 'plain', changes: size, nameOf }).map((row) => ({ ...row, goal: null })),
    );
  }
  await plain.close();
  await audited.close();
  return rows;
}
