import { EntityManager, MikroORM, RequestContext } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import { Audited, AuditReader, AuditRestorer } from 'nestjs-mikro-audit';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';

interface TenantRequest {
  readonly user?: { readonly tenant: string };
}

// #region schema
@Audited()
@Entity({ schema: '*' })
export class Invoice {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  total!: number;
}

/** The schema of the tenant for the rest of the request, of the application and of the trail alike. */
@Injectable()
export class TenantMiddleware implements NestMiddleware {
  constructor(private readonly orm: MikroORM) {}

  use({ user }: TenantRequest, _response: unknown, next: () => void): void {
    if (!user) {
      throw new Error('Sign in first.');
    }
    RequestContext.create(this.orm.em.fork({ schema: user.tenant }), next);
  }
}
// #endregion

// #region schema-reading
@Injectable()
export class InvoiceTrail {
  constructor(
    private readonly audit: AuditReader,
    private readonly restorer: AuditRestorer,
  ) {}

  /** Within a request of the tenant its schema goes without saying. */
  async totals(id: number, schema: string): Promise<unknown[]> {
    const { items } = await this.audit.history(Invoice, id, { schema });
    return items.map(({ entityType, after }) => `${entityType}: ${after?.total}`);
  }

  async undelete(id: number, schema: string): Promise<void> {
    await this.restorer.apply(await this.restorer.planUndelete(Invoice, id, { schema }));
  }

  /** Of all tenants. */
  async newest(): Promise<string[]> {
    const { items } = await this.audit.changes({ entity: Invoice });
    return items.map(({ entityType, entityId }) => `${entityType} ${entityId}`);
  }
}
// #endregion

// #region schema-access
/** Over HTTP a reader sees what is in the schema of its tenant, and nothing else. */
@Injectable()
export class TenantAccessPolicy extends AuditAccessPolicy {
  override accessOf({ user }: TenantRequest): AuditAccess | null {
    return user
      ? {
          permissions: ['list', 'history', 'values'],
          entities: { Invoice: { within: { schema: [user.tenant] } } },
        }
      : null;
  }
}
// #endregion

// #region rls
const ownRows = `tenant = current_setting('app.tenant')`;

@Audited()
@Entity({ rowLevelSecurity: 'force', policies: [{ using: ownRows, check: ownRows }] })
export class Contract {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  tenant!: string;

  @Property({ type: 'text' })
  title!: string;
}

/** An EntityManager that sees the rows of one tenant. PostgreSQL lets superusers see all, so it takes the role of the app. */
export function managerOf(em: EntityManager, tenant: string): EntityManager {
  return em.fork({ session: { variables: { 'app.tenant': tenant }, role: 'contracts_app' } });
}
// #endregion

// #region rls-trail
@Injectable()
export class ContractTrail {
  constructor(
    private readonly audit: AuditReader,
    private readonly restorer: AuditRestorer,
  ) {}

  /** The policies of PostgreSQL are on the tables of the app. In the trail, `within` keeps tenants apart. */
  async titles(id: number, tenant: string): Promise<unknown[]> {
    const { items } = await this.audit.history(Contract, id, { within: { metadata: { tenant } } });
    return items.map(({ after }) => after?.title);
  }

  /** Plans and carries out as the tenant: rows of others are not there. */
  undelete(em: EntityManager, id: number): Promise<void> {
    return RequestContext.create(em, async () => {
      await this.restorer.apply(await this.restorer.planUndelete(Contract, id));
    });
  }
}
// #endregion

// #region database
@Audited()
@Entity()
export class Delivery {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  state!: string;
}

@Injectable()
export class DatabaseTrail {
  constructor(
    private readonly audit: AuditReader,
    private readonly restorer: AuditRestorer,
  ) {}

  /** @param tenant the `contextName` of its MikroORM instance; without it that of the running EntityManager */
  async states(id: number, tenant?: string): Promise<unknown[]> {
    const { items } = await this.audit.history(
      Delivery,
      id,
      tenant === undefined ? {} : { instance: tenant },
    );
    return items.map(({ after }) => after?.state);
  }

  /** The plan says in which database it is carried out. */
  async undelete(id: number, tenant: string): Promise<void> {
    await this.restorer.apply(await this.restorer.planUndelete(Delivery, id, { instance: tenant }));
  }
}
// #endregion
