import { Injectable } from '@nestjs/common';

/** Tells the sequencer of this process that something is about to be committed, so that it looks soon. */
@Injectable()
export class CommitHints {
  private listener: () => void = () => undefined;

  give(): void {
    this.listener();
  }

  listen(listener: () => void): void {
    this.listener = listener;
  }
}
