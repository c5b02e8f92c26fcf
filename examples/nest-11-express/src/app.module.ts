import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { Order, OrderLine } from './order.js';
import { OrdersController } from './orders.controller.js';

/** As a request has it; in your app a guard has checked who it is. */
interface AppRequest {
  readonly headers: { readonly 'x-user'?: string };
}

@Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: AuditPostgreSqlDriver,
      clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/orders',
      entities: [Order, OrderLine, ...auditEntities],
      metadataProvider: ReflectMetadataProvider,
    }),
    AuditModule.forRoot({
      resolveActor: ({ request }) => {
        const id = (request as AppRequest).headers['x-user'];
        return id === undefined ? null : { type: 'user', id, label: null };
      },
      requireActor: true,
    }),
  ],
  controllers: [OrdersController],
})
export class AppModule {}
