import type { ApiClient } from './api-client.js';
import { EventParser } from './event-parser.js';
import { toProblem } from './problem.js';

/** `off`: the server does not offer it to this reader; `waiting`: will try again. */
export type LiveStatus = 'off' | 'waiting' | 'live';

/** @param types entity types that changed; null when the connection was lost, so that anything may have arrived */
type ArrivalListener = (types: readonly string[] | null) => void;

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Tells when revisions arrive. Connected while somebody listens; it reconnects, and resumes where it was. */
export class LiveEvents {
  private readonly arrivals = new Set<ArrivalListener>();
  private readonly watchers = new Set<(status: LiveStatus) => void>();
  private current: LiveStatus;
  private lastId: string | null = null;
  private connection: AbortController | null = null;

  constructor(
    private readonly api: ApiClient,
    /** Whether the reader may follow the trail; else nothing is asked for. */
    private readonly isOffered: boolean,
  ) {
    this.current = isOffered ? 'waiting' : 'off';
  }

  get status(): LiveStatus {
    return this.current;
  }

  /** Calls back until the returned function is called. */
  onArrival(listener: ArrivalListener): () => void {
    this.arrivals.add(listener);
    if (this.isOffered && this.connection === null) void this.connect();
    return () => {
      this.arrivals.delete(listener);
      if (this.arrivals.size === 0) this.disconnect();
    };
  }

  onStatus(listener: (status: LiveStatus) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  private disconnect(): void {
    if (!this.isOffered) return;
    this.connection?.abort();
    this.connection = null;
    this.become('waiting');
  }

  private async connect(): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    let pause = FIRST_PAUSE;
    let wasLost = false;
    while (!connection.signal.aborted) {
      try {
        await this.listen(connection.signal, wasLost);
        pause = FIRST_PAUSE;
      } catch (error) {
        if (connection.signal.aborted) return;
        const { status } = toProblem(error);
        if (status >= 400 && status < 500) return this.become('off');
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
      if (connection.signal.aborted) return;
      this.become('waiting');
      wasLost = true;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private async listen(signal: AbortSignal, wasLost: boolean): Promise<void> {
    const resume = this.lastId === null ? {} : { 'last-event-id': this.lastId };
    const headers = { accept: 'text/event-stream', ...resume };
    const response = await this.api.open('events', undefined, headers, signal);
    if (response.body === null) return;
    this.become('live');
    if (wasLost) this.tell(null);
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      for (const { event, data, id } of parser.push(piece.value)) {
        this.lastId = id ?? this.lastId;
        if (event === 'revision') this.tell(changedTypes(data));
      }
    }
  }

  private tell(types: readonly string[] | null): void {
    for (const listener of this.arrivals) listener(types);
  }

  private become(status: LiveStatus): void {
    this.current = status;
    for (const watcher of this.watchers) watcher(status);
  }
}

/** The entity types of a revision; none when the server says nothing of them. */
function changedTypes(data: string): readonly string[] {
  try {
    const revision: { readonly counts?: Readonly<Record<string, number>> } = JSON.parse(data);
    return Object.keys(revision.counts ?? {});
  } catch {
    return [];
  }
}
