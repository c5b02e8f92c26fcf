// node --import typescript-loader.mjs context-server.mjs VARIANT PLATFORM DATABASE_URL: a Nest application with one empty
// handler, on Express or on Fastify. Tells its port by IPC, and its CPU time in microseconds whenever it is asked.
import 'reflect-metadata';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { defineEntity, PostgreSqlDriver, p } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory, REQUEST } from '@nestjs/core';
import { AuditContext, AuditModule, auditEntities, auditPolicy } from 'nestjs-mikro-audit';

const [variant, platform, clientUrl] = process.argv.slice(2);
const Order = defineEntity({ name: 'Order', properties: { id: p.integer().primary(), title: p.string() } });

/** Decorators, without a compiler. */
function parameters(type, ...tokens) {
  for (const [index, token] of tokens.entries()) {
    Inject(token)(type, undefined, index);
  }
}

function controller(method, scope, ...tokens) {
  class AppController {
    constructor(...injected) {
      this.injected = injected;
    }
    handle() {
      return method(...this.injected);
    }
  }
  Controller({ path: 'orders', scope })(AppController);
  Get(':id')(
    AppController.prototype,
    'handle',
    Object.getOwnPropertyDescriptor(AppController.prototype, 'handle'),
  );
  parameters(AppController, ...tokens);
  return AppController;
}

/** Every variant makes the same two things known to the handler: who, and the id of the request. */
const VARIANTS = {
  none: () => ({ controllers: [controller(() => 'ok')] }),
  library: () => ({
    imports: [AuditModule.forRoot({ policies: [auditPolicy(Order, { name: 'order' })] })],
    controllers: [
      controller((context) => (context.current()?.correlationId ? 'ok' : 'no'), undefined, AuditContext),
    ],
  }),
  'nestjs-cls': async () => {
    const { ClsModule, ClsService } = await import('nestjs-cls');
    const setup = (cls, request) => {
      cls.set('actor', request.user);
      cls.set('correlationId', request.headers['x-request-id']);
    };
    return {
      imports: [ClsModule.forRoot({ global: true, middleware: { mount: true, setup } })],
      controllers: [controller((cls) => (cls.get('correlationId') ? 'ok' : 'no'), undefined, ClsService)],
    };
  },
  'Scope.REQUEST': () => {
    class RequestContext {
      constructor(request) {
        this.actor = request.user;
        this.correlationId = request.headers['x-request-id'];
      }
    }
    Injectable({ scope: Scope.REQUEST })(RequestContext);
    parameters(RequestContext, REQUEST);
    return {
      providers: [RequestContext],
      controllers: [
        controller((context) => (context.correlationId ? 'ok' : 'no'), Scope.REQUEST, RequestContext),
      ],
    };
  },
};

const { imports = [], providers = [], controllers } = await VARIANTS[variant]();
class AppModule {}
Module({
  imports: [
    // All variants have it, without its own context per request: only the context is compared.
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl,
      entities: [Order, ...auditEntities],
      registerRequestContext: false,
    }),
    ...imports,
  ],
  providers,
  controllers,
})(AppModule);

const adapter =
  platform === 'Fastify'
    ? new (await import('@nestjs/platform-fastify')).FastifyAdapter()
    : new (await import('@nestjs/platform-express')).ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
// The work of a guard.
app.use((request, _response, next) => {
  request.user = { id: '4711', name: 'Anna Bauer' };
  next();
});
await app.listen(0, '127.0.0.1');
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
process.on('disconnect', () => process.exit());
process.send(app.getHttpServer().address().port);
