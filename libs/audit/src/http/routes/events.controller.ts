import type { Server, ServerResponse } from 'node:http';
import { Inject, type MessageEvent, type OnModuleDestroy, Req, Res, Sse } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { exhaustMap, type Observable, ReplaySubject, takeUntil, timer } from 'rxjs';
import type { Gate } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { ReaderSlots } from '../limits/reader-slots.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { AuditStream } from './audit-routes.decorator.js';
import { NeedsAction } from './needs-action.decorator.js';

const POLL_MILLISECONDS = 1_000;
/** A comment in so many polls without news, so that proxies do not take the silence for the end. */
const POLLS_PER_HEARTBEAT = 15;
/** Then the client comes again, and the policy of the app is asked again. */
const LIFETIME_MILLISECONDS = 300_000;

/** Revisions as they are committed, as server-sent events. */
@AuditStream('events')
export class EventsController implements OnModuleDestroy {
  /** Remembers: a stream that is about to open when the app closes must not open for good. */
  private readonly closing = new ReplaySubject<void>(1);

  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ReaderSlots) private readonly slots: ReaderSlots,
  ) {}

  /** An app that shuts down does not wait for those who only listen. */
  onModuleDestroy(): void {
    this.closing.next();
  }

  @Sse()
  @NeedsAction('list')
  @RecordedRead({ action: 'audit.follow', whenServed: true })
  async events(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse | { readonly raw: ServerResponse },
  ): Promise<Observable<Visible<readonly MessageEvent[]>>> {
    new QueryParameters(request, []);
    const sent = 'raw' in response ? response.raw : response;
    sent.once('close', await this.slots.take('eventStreams'));
    this.closeWhenSent(sent);
    const feed = new RevisionFeed(this.gates.of(request));
    await feed.begin([request.headers['last-event-id']].flat()[0]);
    return timer(0, POLL_MILLISECONDS).pipe(
      exhaustMap(() => feed.next()),
      takeUntil(timer(LIFETIME_MILLISECONDS)),
      takeUntil(this.closing),
    );
  }

  /** A server that closes waits for connections that were busy then, also when they are kept for nothing. */
  private closeWhenSent(response: ServerResponse): void {
    const server: Partial<Server> = this.host.httpAdapter.getHttpServer();
    const waiting = this.closing.subscribe(() =>
      response.once('finish', () => setImmediate(() => server.closeIdleConnections?.())),
    );
    response.once('close', () => waiting.unsubscribe());
  }
}

/** What one listener has not heard yet. */
class RevisionFeed {
  private position = '';
  private silentPolls = 0;

  constructor(private readonly gate: Gate) {}

  /** @param lastId of the event that the listener heard last; after one that it cannot have heard it begins with what comes now */
  async begin(lastId: string | undefined): Promise<void> {
    const isHeard = lastId !== undefined && /^\d{1,18}$/.test(lastId) && (await this.gate.lists(lastId));
    this.position = isHeard ? lastId : await this.gate.feedEnd();
  }

  async next(): Promise<Visible<readonly MessageEvent[]>> {
    const { revisions, position } = await this.gate.feed(this.position);
    this.position = position;
    return revisions.map((items) => {
      this.silentPolls = items.length > 0 ? 0 : this.silentPolls + 1;
      return this.silentPolls % POLLS_PER_HEARTBEAT === 1
        ? [{ comment: 'listening' } as MessageEvent]
        : items.map((revision) => ({ type: 'revision', id: revision.id, data: revision }));
    });
  }
}
