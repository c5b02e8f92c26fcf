import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { CreateCustomerDto } from './create-customer.dto.js';
import { Customer } from './customer.entity.js';

@Injectable()
export class CustomersService {
  constructor(private readonly em: EntityManager) {}

  async create({ name, email, phone = null }: CreateCustomerDto): Promise<Customer> {
    const customer = this.em.create(Customer, { name, email, phone });
    await this.em.flush();
    return customer;
  }

  list(): Promise<Customer[]> {
    return this.em.find(Customer, {}, { orderBy: { id: 'asc' }, limit: 200 });
  }

  find(id: number): Promise<Customer | null> {
    return this.em.findOne(Customer, id);
  }
}
