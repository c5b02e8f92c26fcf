import { EventEmitter } from 'node:events';
import { EntityManager } from '@mikro-orm/core';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnModuleDestroy,
  Param,
  ParseIntPipe,
  Post,
  Req,
  UseGuards,
} from '@nestjs/common';
import { keepContext } from 'nestjs-mikro-audit';
import {
  concatMap,
  delay,
  from,
  map,
  merge,
  type Observable,
  of,
  Subject,
  share,
  switchMap,
  take,
} from 'rxjs';
import { randomDelay, type Writing, writeNotes } from './note.js';
import { NoteQueue } from './note-queue.js';
import { OpenWork } from './open-work.js';

interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly id: string };
}

/** Knows the user only after a while. */
@Injectable()
class SlowUserGuard implements CanActivate {
  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<UserRequest>();
    await randomDelay(2);
    request.user = { id: request.headers['x-user'] ?? 'nobody' };
    return true;
  }
}

/** Every way in which a request may come to write. */
@Controller('notes')
@UseGuards(SlowUserGuard)
export class NoteController implements OnModuleDestroy {
  private readonly emitter = new EventEmitter().on('write', (writing: Writing) =>
    this.work.end(writeNotes(this.em.fork(), writing)),
  );
  /** Shared by all requests, ticking in the context of none of them. */
  private readonly ticks = new Subject<void>();
  private readonly ticking = setInterval(() => this.ticks.next(), 2);

  constructor(
    @Inject(EntityManager) private readonly em: EntityManager,
    @Inject(NoteQueue) private readonly queue: NoteQueue,
    @Inject(OpenWork) private readonly work: OpenWork,
  ) {}

  onModuleDestroy(): void {
    clearInterval(this.ticking);
  }

  @Post('await/:serial/:changes')
  async awaited(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ) {
    await randomDelay(3);
    await writeNotes(this.em, writing(request, serial, changes));
  }

  @Post('operators/:serial/:changes')
  operators(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ): Observable<string> {
    return of(writing(request, serial, changes)).pipe(
      delay(Math.random() * 3),
      switchMap((given) => of(given).pipe(delay(0))),
      concatMap((given) => writeNotes(this.em, given)),
      map(() => 'written'),
    );
  }

  @Post('own-share/:serial/:changes')
  ownShare(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ): Observable<void> {
    const given = writing(request, serial, changes);
    const shared = from(randomDelay(2)).pipe(share());
    const half = Math.ceil(changes / 2);
    const parts = [
      { ...given, changes: half },
      { ...given, serial: -given.serial, changes: changes - half },
    ];
    return merge(...parts.map((part) => shared.pipe(concatMap(() => writeNotes(this.em.fork(), part)))));
  }

  @Post('shared-by-all/:serial/:changes')
  sharedByAll(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ): Observable<void> {
    return this.ticks.pipe(
      keepContext(),
      take(1),
      switchMap(() => writeNotes(this.em, writing(request, serial, changes))),
    );
  }

  @Post('emitter/:serial/:changes')
  emit(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ): void {
    this.work.begin();
    this.emitter.emit('write', writing(request, serial, changes));
  }

  @Post('timer/:serial/:changes')
  timer(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ): void {
    this.work.begin();
    setTimeout(
      () => this.work.end(writeNotes(this.em.fork(), writing(request, serial, changes))),
      Math.random() * 10,
    );
  }

  @Post('queue/:serial/:changes')
  async enqueue(
    @Req() request: UserRequest,
    @Param('serial') serial: string,
    @Param('changes', ParseIntPipe) changes: number,
  ) {
    await this.queue.send(writing(request, serial, changes));
  }
}

function writing({ user }: UserRequest, serial: string, changes: number): Writing {
  return { actor: user?.id ?? 'nobody', changes, serial: Number(serial) };
}

export const WAYS = [
  'await',
  'operators',
  'own-share',
  'shared-by-all',
  'emitter',
  'timer',
  'queue',
] as const;
