import { Inject, Injectable } from '@nestjs/common';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { AuditRestorer } from '../../restore/audit-restorer.js';
import { EntityTypes } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { ReaderTrail } from '../trail/reader-trail.js';
import { Gate } from './gate.js';
import { RestoreGate } from './restore-gate.js';

/** The gate for the reader of a request. */
@Injectable()
export class Gates {
  constructor(
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(AuditRestorer) private readonly restorer: AuditRestorer,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(RequestAccess) private readonly granted: RequestAccess,
  ) {}

  of(request: object): Gate {
    return new Gate(this.granted.of(request), this.trailOf(request), this.types, this.catalog);
  }

  toRestore(request: object): RestoreGate {
    const reader = this.granted.of(request);
    return new RestoreGate(reader, this.trailOf(request), this.types, this.audit, this.restorer);
  }

  private trailOf(request: object): ReaderTrail {
    return new ReaderTrail(this.audit, this.catalog, this.granted.of(request));
  }
}
