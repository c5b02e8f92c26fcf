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
export async function sequence(app: INestApplicationContext): Promise<void> {
  const ending = new AbortController();
  const running = app.get(AuditSequencer).run(ending.signal);
  await sequenced(app);
  ending.abort();
  await running;
}
