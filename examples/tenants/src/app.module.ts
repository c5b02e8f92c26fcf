import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { TenantGuard, TenantPolicy } from './tenant.js';
import { Ticket } from './ticket.js';
import { TicketsController } from './tickets.controller.js';

@Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: AuditPostgreSqlDriver,
      clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/tickets',
      entities: [Ticket, ...auditEntities],
      metadataProvider: ReflectMetadataProvider,
    }),
    AuditModule.forRoot(),
    AuditHttpModule.forRoot({ access: { useClass: TenantPolicy } }),
  ],
  controllers: [TicketsController],
  providers: [{ provide: APP_GUARD, useClass: TenantGuard }],
})
export class AppModule {}
