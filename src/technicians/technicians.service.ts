import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { CreateTechnicianDto } from './create-technician.dto.js';
import { Technician } from './technician.entity.js';

@Injectable()
export class TechniciansService {
  constructor(private readonly em: EntityManager) {}

  async create({ name, email }: CreateTechnicianDto): Promise<Technician> {
    const technician = this.em.create(Technician, { name, email });
    await this.em.flush();
    return technician;
  }

  list(): Promise<Technician[]> {
    return this.em.find(Technician, {}, { orderBy: { id: 'asc' }, limit: 200 });
  }

  find(id: number): Promise<Technician | null> {
    return this.em.findOne(Technician, id);
  }
}
