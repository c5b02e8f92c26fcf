import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CreateTechnicianDto } from './create-technician.dto.js';
import type { Technician } from './technician.entity.js';
import { TechniciansService } from './technicians.service.js';

@ApiTags('technicians')
@ApiBearerAuth()
@Controller('technicians')
export class TechniciansController {
  constructor(private readonly technicians: TechniciansService) {}

  @Post()
  create(@Body() body: CreateTechnicianDto): Promise<Technician> {
    return this.technicians.create(body);
  }

  @Get()
  list(): Promise<Technician[]> {
    return this.technicians.list();
  }
}
