import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { Article, articlePolicy } from './article.js';
import { ArticlesController } from './articles.controller.js';
import { BearerGuard, TrailPolicy, type UserRequest } from './users.js';

@Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: AuditPostgreSqlDriver,
      clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/articles',
      entities: [Article, ...auditEntities],
    }),
    AuditModule.forRoot({
      policies: [articlePolicy],
      resolveActor: ({ request }) => {
        const { user } = request as UserRequest;
        return user ? { type: 'user', id: user.id, label: user.name } : null;
      },
    }),
    AuditHttpModule.forRoot({ access: { useClass: TrailPolicy }, viewer: { oneTimeLinks: true } }),
  ],
  controllers: [ArticlesController],
  providers: [{ provide: APP_GUARD, useClass: BearerGuard }],
})
export class AppModule {}
