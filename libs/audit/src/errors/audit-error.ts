import type { JsonObject } from '../model/json.js';

/** Parts of every error of this library: what went wrong, where, and what to do about it. */
export interface AuditErrorInit {
  /** Stable, machine readable, `AUDIT_...`. */
  readonly code: `AUDIT_${string}`;
  /** The failure and its place, one sentence. */
  readonly message: string;
  /** The remedy, one sentence. */
  readonly remedy: string;
  readonly data?: JsonObject;
  readonly cause?: unknown;
}

/** Base class of every error this library throws. `code` is stable, `data` is plain JSON. */
export abstract class AuditError extends Error {
  readonly code: `AUDIT_${string}`;
  readonly remedy: string;
  readonly data: JsonObject;

  protected constructor(init: AuditErrorInit) {
    super(
      `[${init.code}] ${init.message} ${init.remedy}`,
      init.cause === undefined ? {} : { cause: init.cause },
    );
    this.name = new.target.name;
    this.code = init.code;
    this.remedy = init.remedy;
    this.data = init.data ?? {};
  }
}
