// Serves the trail of a database, and measures its own memory. Run: node --expose-gc export-probe.mjs DATABASE_URL express|fastify
// Prints a line when it listens, then one per sample: { url } or { live, resident }, in bytes. Ends with its standard input.
import 'reflect-metadata';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { defineEntity, PostgreSqlDriver, p } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuditModule, auditEntities, auditPolicy } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';

const [clientUrl, adapter] = process.argv.slice(2);
const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: { id: p.integer().primary(), title: p.string(), price: p.string() },
});

const access = {
  accessOf: () => ({ permissions: ['list', 'export', 'values'], entities: { '*': { within: 'all' } } }),
};

class AppModule {}
Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl,
      entities: [Order, ...auditEntities],
      pool: { min: 0, max: 2 },
    }),
    AuditModule.forRoot({ policies: [auditPolicy(Order, { name: 'order' })] }),
    // A million and some.
    AuditHttpModule.forRoot({ access, limits: { exportRows: 2_000_000 } }),
  ],
})(AppModule);

const app = await NestFactory.create(
  AppModule,
  adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(),
  { logger: ['error'] },
);
await app.listen(0, '127.0.0.1');
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
print({ url: await app.getUrl() });
const timer = setInterval(() => {
  // Garbage is not memory that the export needs.
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  print({ live: heapUsed + external, resident: rss });
}, 150);
process.stdin.on('end', async () => {
  clearInterval(timer);
  await app.close();
});
process.stdin.resume();
