import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';
import type { RequestUser } from '../auth/bearer.guard.js';
import { Technician } from '../technicians/technician.entity.js';
import { WorkOrder } from '../work-orders/work-order.entity.js';

/**
 * Dispatchers may read and restore everything; of the users they see who they are. Technicians, who are known by their
 * address, see the history of the work orders that are theirs now, without prices.
 */
@Injectable()
export class TrailAccessPolicy extends AuditAccessPolicy {
  constructor(private readonly em: EntityManager) {
    super();
  }

  async accessOf({ user }: { readonly user?: RequestUser }): Promise<AuditAccess | null> {
    if (user === undefined) return null;
    const technician = await this.em.findOne(Technician, { email: user.email });
    if (technician === null)
      return {
        permissions: ['list', 'history', 'values', 'export', 'restore', 'coverage'],
        entities: {
          '*': { within: 'all' },
          user: { within: 'all', permissions: ['list', 'history', 'values', 'coverage'], hidden: ['email'] },
        },
      };
    const own = await this.em.find(WorkOrder, { technician }, { fields: ['id'] });
    const within = { partOf: own.map(({ id }) => ({ entity: WorkOrder, id })) };
    return {
      permissions: ['history', 'values'],
      entities: {
        'work-order': { within, hidden: ['price'] },
        'line-item': { within, hidden: ['unitPrice'] },
      },
    };
  }
}
