import type { Actor } from './actor.js';
import type { JsonObject } from './json.js';

/** Where a revision came from. Every member is null when it does not apply or was not known. */
export interface Origin {
  /** Kind of entry point: `http`, `rpc`, `ws`, `graphql` or the app's own word, such as `job`. */
  readonly source: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** HTTP method, upper case. */
  readonly method: string | null;
  /** Route pattern, such as `/work-orders/:id`; never the concrete URL, which may hold secrets. */
  readonly route: string | null;
  /** `Class.method` of the handler. */
  readonly handler: string | null;
}

/** How what a revision is about ended. Changes that were committed are a success. */
export type Outcome = 'success' | 'failure' | 'denied';

/** Who, when and why: what every change has of its revision. */
export interface RevisionBrief {
  /** Identity of the revision, a decimal string (PostgreSQL bigint). Larger is not always later: see docs. */
  readonly id: string;
  /** Time of record by the database clock, in the transaction. */
  readonly recordedAt: Date;
  readonly actor: Actor;
  /** The principal the actor acted for; null when the actor acted for itself. */
  readonly onBehalfOf: Actor | null;
  /** Business intent such as `invoice.approve`; null when none was declared. */
  readonly action: string | null;
  /** Why, in the words of the actor; null when none was given. */
  readonly reason: string | null;
  /** The revision whose state this one brings back; null for all but restores. */
  readonly restoredRevisionId: string | null;
}

/**
 * Who, when, why and from where. Everything that one actor changed in one database transaction has one revision, unless others
 * flushed in between; an action without changes has one of its own.
 */
export interface Revision extends RevisionBrief {
  /** PostgreSQL transaction id (xid8), a decimal string; the same for the revisions of several actors in one transaction. */
  readonly transactionId: string;
  /** How the actor proved who it is, in the words of the app, such as `password` or `mtls`; null when it was not told. */
  readonly authenticationMethod: string | null;
  readonly outcome: Outcome;
  /** Null when the write did not come through an entry point that fills it. */
  readonly origin: Origin | null;
  /** One id for everything that one request or job caused; null outside any context. */
  readonly correlationId: string | null;
  /** W3C trace id, 32 hexadecimal digits; null when nothing was traced. */
  readonly traceId: string | null;
  /** W3C id of the span that wrote, 16 hexadecimal digits; null when nothing was traced. */
  readonly spanId: string | null;
  /** Further data of the application; null when none was given. */
  readonly metadata: JsonObject | null;
}

/** The revision beside a change: whole where `details` are asked for, else who, when and why. */
export type RevisionOf<Details extends boolean> = Details extends true ? Revision : RevisionBrief;

/** A revision in a list, with how much it changed. */
export interface RevisionSummary extends Revision {
  /** Number of its changes by entity type, all of them, whatever the query asked for. */
  readonly counts: Readonly<Record<string, number>>;
}
