import { Inject, Injectable } from '@nestjs/common';
import { AuditReader } from '../../query/audit-reader.js';
import { RequestAccess } from '../access/request-access.js';
import { ReaderTrail } from './reader-trail.js';

/** The trail for the reader of a request. */
@Injectable()
export class ReaderTrails {
  constructor(
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(RequestAccess) private readonly granted: RequestAccess,
  ) {}

  of(request: object): ReaderTrail {
    return new ReaderTrail(this.audit, this.granted.of(request));
  }
}
