import type { Server, ServerResponse } from 'node:http';
import { Inject, type MessageEvent, type OnModuleDestroy, Req, Res, Sse } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { concatMap, exhaustMap, type Observable, ReplaySubject, takeUntil, timer } from 'rxjs';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { RequiredAction } from '../access/audit-access.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ReaderTrail } from '../trail/reader-trail.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { revisionSummaryView } from '../view/revision-view.js';
import { AuditStream } from './audit-routes.decorator.js';

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
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** An app that shuts down does not wait for those who only listen. */
  onModuleDestroy(): void {
    this.closing.next();
  }

  @Sse()
  @RequiredAction('list')
  @RecordedRead({ action: 'audit.follow', whenServed: true })
  async events(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse | { readonly raw: ServerResponse },
  ): Promise<Observable<MessageEvent>> {
    new QueryParameters(request, []);
    this.closeWhenSent('raw' in response ? response.raw : response);
    const feed = new RevisionFeed(this.trails.of(request));
    await feed.begin([request.headers['last-event-id']].flat()[0]);
    return timer(0, POLL_MILLISECONDS).pipe(
      exhaustMap(() => feed.next()),
      concatMap((events) => events),
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

  constructor(private readonly trail: ReaderTrail) {}

  /** @param lastId of the event that the listener heard last; after one that is unknown it begins with what comes now */
  async begin(lastId: string | undefined): Promise<void> {
    this.position = lastId && /^\d{1,19}$/.test(lastId) ? lastId : await this.trail.feedEnd();
    try {
      await this.trail.feed(this.position, 1);
    } catch (error) {
      if (!(error instanceof InvalidQueryError)) {
        throw error;
      }
      this.position = await this.trail.feedEnd();
    }
  }

  async next(): Promise<readonly MessageEvent[]> {
    const { items, position } = await this.trail.feed(this.position);
    this.position = position;
    this.silentPolls = items.length > 0 ? 0 : this.silentPolls + 1;
    if (this.silentPolls % POLLS_PER_HEARTBEAT === 1) {
      return [{ comment: 'listening' } as MessageEvent];
    }
    return items.map((revision) => ({
      type: 'revision',
      id: revision.id,
      data: revisionSummaryView(revision),
    }));
  }
}
