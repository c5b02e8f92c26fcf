import { Inject, Injectable } from '@nestjs/common';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { RequestAccess } from '../access/request-access.js';
import { ReaderTrail } from './reader-trail.js';

/** The trail for the reader of a request. */
@Injectable()
export class ReaderTrails {
  constructor(
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(RequestAccess) private readonly granted: RequestAccess,
  ) {}

  of(request: object): ReaderTrail {
    return new ReaderTrail(this.audit, this.catalog, this.granted.of(request));
  }
}
