import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CreateCustomerDto } from './create-customer.dto.js';
import type { Customer } from './customer.entity.js';
import { CustomersService } from './customers.service.js';

@ApiTags('customers')
@ApiBearerAuth()
@Controller('customers')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Post()
  create(@Body() body: CreateCustomerDto): Promise<Customer> {
    return this.customers.create(body);
  }

  @Get()
  list(): Promise<Customer[]> {
    return this.customers.list();
  }
}
