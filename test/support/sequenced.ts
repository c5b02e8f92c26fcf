import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditSequencer } from 'nestjs-mikro-audit';

/** Waits until everything that is committed has its position. */
export async function sequenced(app: INestApplicationContext): Promise<void> {
  for (;;) {
    const trails = await app.get(AuditSequencer).health();
    if (trails.every(({ lastTickAt, waiting }) => lastTickAt !== null && waiting === 0)) {
      return;
    }
    await pause(20);
  }
}

/** Gives positions to everything that is committed, where no sequencer runs: none is at work when the test ends. */
export function sequence(app: INestApplicationContext): Promise<void> {
  return withSequencer(app, () => sequenced(app));
}

/** The same, until a published checkpoint covers all of it; for an app with the option `evidence`. */
export function seal(app: INestApplicationContext): Promise<void> {
  return withSequencer(app, async () => {
    await sequenced(app);
    const sizes = (await app.get(AuditSequencer).health()).map(({ size }) => Number(size));
    while (
      (await app.get(AuditSequencer).health()).some(
        ({ evidence }, at) => Number(evidence?.covered ?? -1) < (sizes[at] ?? 0),
      )
    ) {
      await pause(20);
    }
  });
}

/** Work beside a sequencer, which ends before it. */
export async function withSequencer(app: INestApplicationContext, work: () => Promise<void>): Promise<void> {
  const ending = new AbortController();
  const running = app.get(AuditSequencer).run(ending.signal);
  try {
    await work();
  } finally {
    ending.abort();
    await running;
  }
}
