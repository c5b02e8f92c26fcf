// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Entity, Filter, PrimaryKey, Property, ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import {
  Body,
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  AuditAction,
  AuditContext,
  Audited,
  AuditModule,
  AuditPostgreSqlDriver,
  AuditReader,
  AuditRestorer,
  auditEntities,
} from 'nestjs-mikro-audit';
import { type AuditAccess, AuditAccessPolicy, AuditHttpModule } from 'nestjs-mikro-audit/http';

// #endregion

// #region tenant-entity
@Audited({ name: 'ticket', label: 'title' })
@Filter({ name: 'tenant', cond: ({ tenant }) => ({ tenant }), default: true })
@Filter({ name: 'present', cond: { deletedAt: null }, default: true })
@Entity()
export class Ticket {
  @PrimaryKey() id!: number;
  @Property() tenant!: string;
  @Property() title!: string;
  @Property({ type: 'datetime', nullable: true }) deletedAt: Date | null = null;
}
// #endregion

/** A token of this app says ids, and nothing else. */
interface Claims {
  readonly sub: string;
  readonly tenant: string;
}

interface TicketRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: Claims;
}

// #region tenant-guard
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<TicketRequest>();
    request.user = claimsOf(request.headers.authorization);
    const { tenant } = request.user;
    this.em.setFilterParams('tenant', { tenant }); // what the request sees of the tables
    this.context.assign({ metadata: { tenant } }); // what its changes say in the trail
    return true;
  }
}

@Injectable()
export class TenantPolicy extends AuditAccessPolicy {
  override accessOf({ user }: TicketRequest): AuditAccess | null {
    return user
      ? {
          permissions: ['list', 'history', 'values'],
          entities: { ticket: { within: { metadata: { tenant: user.tenant } } } },
        }
      : null;
  }
}
// #endregion

/** In real life: verify the signature of the token. */
function claimsOf(authorization = ''): Claims {
  try {
    return JSON.parse(Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString()) as Claims;
  } catch {
    throw new UnauthorizedException();
  }
}

// #region names
/** Who has an id. The app's own table of users, or the directory of the company. */
@Injectable()
export class UserNames {
  private readonly known = new Map<string, string>();

  async of(id: string): Promise<string | null> {
    const name = this.known.get(id) ?? (await this.lookUp(id));
    if (name !== null) this.known.set(id, name); // who is not there yet, or cannot be asked for, is asked for again
    return name;
  }

  protected async lookUp(id: string): Promise<string | null> {
    return { '7': 'Ada Byron', '8': 'Charles Babbage' }[id] ?? null;
  }
}

@Module({ providers: [UserNames], exports: [UserNames] })
export class UsersModule {}

const auditing = AuditModule.forRootAsync({
  imports: [UsersModule],
  inject: [UserNames],
  useFactory: (names: UserNames) => ({
    // Asked when somebody needs the actor, once for each request: one that only reads looks up no name.
    resolveActor: async ({ request }) => {
      const { user } = request as TicketRequest;
      return user ? { type: 'user', id: user.sub, label: await names.of(user.sub) } : null;
    },
  }),
});
// #endregion

// #region soft-delete
@Injectable()
export class Tickets {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditReader,
    private readonly restorer: AuditRestorer,
  ) {}

  /** An update for the trail, as for the table; the action says what it means. */
  @AuditAction('ticket.discard')
  async discard(id: number): Promise<void> {
    const ticket = await this.em.findOneOrFail(Ticket, id);
    ticket.deletedAt = new Date();
    await this.em.flush();
  }

  /** Brings it back as a restore does: with a plan, and a revision that names the one that it undoes. */
  async bringBack(id: number): Promise<string | null> {
    // Reader and restorer know no filters: this one keeps the tickets of other tenants out of reach.
    const isDiscarded = { id, deletedAt: { $ne: null } };
    if (!(await this.em.findOne(Ticket, isDiscarded, { filters: { present: false } }))) {
      throw new NotFoundException();
    }
    const [discarded] = (await this.audit.history(Ticket, id, { property: 'deletedAt', limit: 1 })).items;
    const plan = await this.restorer.plan(Ticket, id, {
      to: { beforeRevision: discarded?.revision.id ?? '' },
      property: ['deletedAt'],
    });
    return (await this.restorer.apply(plan, { reason: 'discarded by mistake' })).revisionId;
  }
}
// #endregion

// #region list
@Controller('tickets')
export class TicketsController {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditReader,
    private readonly tickets: Tickets,
  ) {}

  /** Two queries, however long the list is. */
  @Get()
  async list() {
    const tickets = await this.em.find(Ticket, {}, { orderBy: { id: 'asc' }, limit: 200 });
    const latest = await this.audit.latest(
      Ticket,
      tickets.map(({ id }) => id),
    );
    return tickets.map(({ id, title }, at) => ({
      id,
      title,
      lastModifiedBy: latest[at]?.revision.actor.label ?? null,
      lastModifiedAt: latest[at]?.revision.recordedAt ?? null,
    }));
  }
  // #endregion

  @Post()
  async create(@Body() { title }: Ticket, @Body('tenant') tenant: string) {
    const ticket = this.em.create(Ticket, { title, tenant });
    await this.em.flush();
    return { id: ticket.id };
  }

  @Delete(':id')
  discard(@Param('id', ParseIntPipe) id: number): Promise<void> {
    return this.tickets.discard(id);
  }

  @Post(':id/bring-back')
  async bringBack(@Param('id', ParseIntPipe) id: number) {
    return { revisionId: await this.tickets.bringBack(id) };
  }
}

const clientUrl = process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books';
const entities = [Ticket, ...auditEntities];
const orm = { driver: AuditPostgreSqlDriver, clientUrl, entities, metadataProvider: ReflectMetadataProvider };

@Module({
  imports: [
    MikroOrmModule.forRoot(orm),
    auditing,
    // #region sub-path
    AuditHttpModule.forRoot({
      access: { useClass: TenantPolicy },
      path: 'internal/audit', // under the global prefix of the app
      viewer: { signInUrl: '/shop/login', oneTimeLinks: true }, // as the browser sees it, prefix of the proxy included
    }),
    // #endregion
  ],
  controllers: [TicketsController],
  providers: [Tickets, { provide: APP_GUARD, useClass: TenantGuard }],
})
export class TicketsModule {}
