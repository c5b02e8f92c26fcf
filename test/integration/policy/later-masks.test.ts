import { expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Test } from '@nestjs/testing';
import { AuditModule, AuditReader, auditPolicy, MaskedValue } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { testOrmOptions } from '../../support/orm.js';

@Entity()
class Patient {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  diagnosis!: string;
}

it('a mask looks forward: what was stored before it stays as it is', async () => {
  const before = await createAuditedApp({
    entities: [Patient],
    options: { policies: [auditPolicy(Patient)] },
  });
  try {
    const em = before.orm.em.fork();
    const { id } = em.create(Patient, { id: 1, diagnosis: 'flu' });
    await em.flush();
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(testOrmOptions({ url: before.url, entities: [Patient] })),
        AuditModule.forRoot({
          sequencer: false,
          policies: [auditPolicy(Patient, { mask: { diagnosis: 'redact' } })],
        }),
      ],
    }).compile();
    const after = await module.createNestApplication({ logger: false }).init();
    try {
      const later = after.get<unknown, MikroORM>(MikroORM).em.fork();
      (await later.findOneOrFail(Patient, id)).diagnosis = 'cold';
      await later.flush();
      const { items } = await after.get(AuditReader).history(Patient, id, { order: 'oldest' });
      expect(items.map(({ fields }) => fields.find(({ path }) => path === 'diagnosis')?.after)).toEqual([
        'flu',
        expect.any(MaskedValue),
      ]);
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
});
