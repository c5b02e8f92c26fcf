import { Injectable } from '@nestjs/common';
import type { ReaderAccess } from './reader-access.js';

/** The guard's findings about a request, for its handler. */
@Injectable()
export class RequestAccess {
  private readonly granted = new WeakMap<object, ReaderAccess>();

  set(request: object, access: ReaderAccess): void {
    this.granted.set(request, access);
  }

  /** @throws Error when no guard has let the request in */
  of(request: object): ReaderAccess {
    const access = this.granted.get(request);
    if (!access) {
      throw new Error('The request has not passed the guard of AuditHttpModule.');
    }
    return access;
  }
}
