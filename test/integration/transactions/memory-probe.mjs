// Prints how much memory a transaction of many changes takes at its peak, with and without auditing, as JSON.
// Run: node --expose-gc memory-probe.mjs DATABASE_URL COUNT FLUSH_SIZE audited|plain
import 'reflect-metadata';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { defineEntity, MikroORM, PostgreSqlDriver, p } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule, auditEntities, auditPolicy } from 'nestjs-mikro-audit';

const [clientUrl, count, flushSize, mode] = process.argv.slice(2);
const Thing = defineEntity({
  name: 'Thing',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    status: p.string(),
    price: p.decimal('string').precision(12).scale(2),
    notes: p.text().nullable(),
    data: p.json(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

class AppModule {}
Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl,
      entities: [Thing, ...auditEntities],
      pool: { min: 0, max: 2 },
    }),
    ...(mode === 'audited'
      ? [AuditModule.forRoot({ policies: [auditPolicy(Thing, { name: 'thing' })] })]
      : []),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const orm = app.get(MikroORM);
await orm.schema.refresh();

let peak = 0;
const sample = () => {
  const { heapUsed, external } = process.memoryUsage();
  peak = Math.max(peak, heapUsed + external);
};
globalThis.gc();
const { heapUsed, external } = process.memoryUsage();
const timer = setInterval(sample, 5);
const started = process.cpuUsage();
await orm.em.fork().transactional(async (em) => {
  for (let index = 0; index < Number(count); index++) {
    em.create(Thing, {
      title: `Thing number ${index}`,
      status: 'open',
      price: '12.50',
      notes: 'a note of the usual length, as people write them',
      data: { a: index, b: ['x', 'y'], c: { d: true } },
      createdAt: new Date(),
      updatedAt: new Date(),
    });
    if ((index + 1) % Number(flushSize) === 0) {
      await em.flush();
      em.clear();
      // Garbage is not memory that the transaction needs.
      globalThis.gc();
      sample();
    }
  }
});
clearInterval(timer);
const cpu = process.cpuUsage(started);
const [{ rows }] = await orm.em
  .getConnection()
  .execute(`select count(*)::int as rows from ${mode === 'audited' ? 'audit_change' : 'thing'}`);
await app.close();
console.log(
  JSON.stringify({
    rows,
    peakMegabytes: Math.round((peak - heapUsed - external) / 1e6),
    cpuMilliseconds: Math.round((cpu.user + cpu.system) / 1000),
  }),
);
