import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import type { Actor } from '../../model/actor.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { SealedTexts } from '../access/sealed-texts.js';

/** Texts of this library for other purposes are none of a link. */
const PURPOSE = 'nestjs-mikro-audit viewer link\n';
const LINK_SECONDS = 60;
const SESSION_SECONDS = 3_600;
const ID_BYTES = 16;
/** Browsers drop a cookie that is longer than 4,096 characters with its name and attributes, and say nothing. */
const MAX_SESSION_LENGTH = 3_900;

/** For whom a link is. */
interface Ticket {
  readonly id: string;
  readonly actor: Actor | null;
  readonly authorization: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

type Session = Pick<Ticket, 'authorization' | 'until'>;

/**
 * Hands the `Authorization` header of a reader on to the browser page of the viewer: by a ticket that is good once and for a minute, for which
 * there is a cookie. Both are sealed and hold all there is to know, so that any process of the deployment can take them. That a
 * ticket was used is in the trail, which all of them share.
 */
@Injectable()
export class ViewerLinks {
  private readonly texts: SealedTexts;

  constructor(
    @Inject(RESOLVED_OPTIONS) { restoreKeys }: Pick<ResolvedAuditOptions, 'restoreKeys'>,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {
    this.texts = new SealedTexts(restoreKeys, PURPOSE);
  }

  /** @returns null when the header is too long for a cookie */
  async ticket(authorization: string): Promise<string | null> {
    if (this.seal('session', { authorization, until: sessionEnd() }).length > MAX_SESSION_LENGTH) {
      return null;
    }
    const id = randomBytes(ID_BYTES).toString('base64url');
    const until = Date.now() + LINK_SECONDS * 1_000;
    return this.seal('ticket', { id, actor: await this.context.actor(), authorization, until });
  }

  /**
   * Takes a ticket for a session.
   * @returns null when there is none for it: it was used, is too old, or not of this deployment
   * @throws MissingActorError where the options ask for an actor, and the app knows none
   * @throws AuditWriteError
   */
  async session(ticket: string): Promise<string | null> {
    const opened = this.open<Ticket>('ticket', ticket);
    if (!opened) {
      return null;
    }
    const { id, actor, authorization } = opened;
    const isFirst = await this.context.claim({
      ...(actor ? { actor } : {}),
      action: 'audit.open-viewer',
      correlationId: id,
    });
    return isFirst ? this.seal('session', { authorization, until: sessionEnd() }) : null;
  }

  /** The header that a session stands for; null when it has ended. */
  authorizationOf(session: string): string | null {
    return this.open<Session>('session', session)?.authorization ?? null;
  }

  private seal(kind: 'ticket' | 'session', content: Ticket | Session): string {
    return this.texts.seal(JSON.stringify(content), kind);
  }

  private open<Content extends Session>(kind: 'ticket' | 'session', sealed: string): Content | null {
    const text = this.texts.open(sealed, kind);
    const content = text === null ? null : (JSON.parse(text) as Content);
    return content && content.until > Date.now() ? content : null;
  }
}

function sessionEnd(): number {
  return Date.now() + SESSION_SECONDS * 1_000;
}
