import { Inject, Injectable } from '@nestjs/common';
import { AuditEvidence } from '../../proofs/audit-evidence.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { EntityTypes } from '../../query/terms/entity-types.js';
import { AuditRestorer } from '../../restore/audit-restorer.js';
import { PageCursors } from '../access/page-cursors.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { RequestAccess } from '../access/request-access.js';
import { BoundedReads } from '../limits/bounded-reads.js';
import { HTTP_LIMITS, type HttpLimits } from '../limits/http-limits.js';
import { RecentCoverage } from '../limits/recent-coverage.js';
import { clientLeft } from '../parameters/client-presence.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { ReaderTrail } from '../trail/reader-trail.js';
import { TrailProofs } from '../trail/trail-proofs.js';
import { Gate } from './gate.js';
import { ProofGate } from './proof-gate.js';
import { RestoreGate } from './restore-gate.js';
import { SealViews } from './seal-views.js';

/** The gate for the reader of a request. */
@Injectable()
export class Gates {
  constructor(
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(AuditRestorer) private readonly restorer: AuditRestorer,
    @Inject(AuditEvidence) private readonly evidence: AuditEvidence,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(PageCursors) private readonly cursors: PageCursors,
    @Inject(RecentCoverage) private readonly recent: RecentCoverage,
    @Inject(HTTP_LIMITS) private readonly limits: Required<HttpLimits>,
  ) {}

  of(request: HttpRequest): Gate {
    const [reader, reads] = [this.granted.of(request), this.readsOf(request)];
    return new Gate(
      reader,
      this.trailOf(reader, reads),
      new SealViews(new TrailProofs(this.evidence, reads)),
      this.types,
      this.catalog,
      this.recent,
    );
  }

  toRestore(request: HttpRequest): RestoreGate {
    const [reader, reads] = [this.granted.of(request), this.readsOf(request)];
    return new RestoreGate(reader, this.trailOf(reader, reads), this.types, reads, this.restorer);
  }

  toProve(request: HttpRequest): ProofGate {
    const [reader, reads] = [this.granted.of(request), this.readsOf(request)];
    const proofs = new TrailProofs(this.evidence, reads);
    return new ProofGate(reader, this.trailOf(reader, reads), this.types, proofs);
  }

  private trailOf(reader: ReaderAccess, reads: BoundedReads): ReaderTrail {
    return new ReaderTrail(this.catalog, reader, reads, this.cursors, this.limits);
  }

  private readsOf(request: HttpRequest): BoundedReads {
    return new BoundedReads(this.audit, this.catalog, this.limits.readMilliseconds, clientLeft(request));
  }
}
