import { defineEntity, p } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, ParseIntPipe } from '@nestjs/common';
import { AuditRead } from 'nestjs-mikro-audit';

const PatientSchema = defineEntity({
  name: 'Patient',
  properties: { id: p.integer().primary(), name: p.string(), ward: p.string() },
});
export class Patient extends PatientSchema.class {}
PatientSchema.setClass(Patient);

const WardSchema = defineEntity({
  name: 'Ward',
  properties: { id: p.integer().primary(), name: p.string() },
});
export class Ward extends WardSchema.class {}
WardSchema.setClass(Ward);

@Controller('patients')
export class PatientsController {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  @Get()
  async list() {
    await this.em.fork().find(Patient, {});
    return (await this.em.fork().find(Patient, {})).map(({ id }) => id);
  }

  @Get('names')
  @AuditRead(Patient)
  names() {
    return this.em.getConnection().execute('select id, name from patient order by id');
  }

  @Get('count')
  async count() {
    return {
      patients: await this.em.fork().count(Patient),
      wards: (await this.em.fork().find(Ward, {})).length,
    };
  }

  @Get('without-id')
  @AuditRead(Patient)
  withoutId() {
    return [{ name: 'nobody' }];
  }

  @Get('ward/:ward')
  @AuditRead(Patient, (result: { readonly patients: readonly number[] }) => result.patients)
  async ofWard(@Param('ward') ward: string) {
    const sql = 'select id from patient where ward = ?';
    const rows = await this.em.getConnection().execute<{ id: number }[]>(sql, [ward]);
    return { patients: rows.map(({ id }) => id) };
  }

  @Get(':id')
  async get(@Param('id', ParseIntPipe) id: number) {
    const { name } = await this.em.fork().findOneOrFail(Patient, id);
    return { name };
  }
}
