import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';
import type { RequestUser } from '../auth/bearer.guard.js';
import { Technician } from '../technicians/technician.entity.js';

/** Dispatchers may read and restore everything; of the users they see who they are. Technicians see nothing of the trail. */
@Injectable()
export class TrailAccessPolicy extends AuditAccessPolicy {
  constructor(private readonly em: EntityManager) {
    super();
  }

  async accessOf({ user }: { readonly user?: RequestUser }): Promise<AuditAccess | null> {
    if (user === undefined) return null;
    const technician = await this.em.findOne(Technician, { email: user.email });
    return technician === null
      ? {
          actions: ['list', 'history', 'values', 'export', 'restore'],
          entities: { '*': {}, user: { actions: ['list', 'history', 'values'], hidden: ['email'] } },
        }
      : { actions: [], entities: {} };
  }
}
