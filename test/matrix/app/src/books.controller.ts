import { EntityManager } from '@mikro-orm/postgresql';
import {
  Body,
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Patch,
  Post,
  UseGuards,
} from '@nestjs/common';
import { AuditReader, AuditRestorer, type RestorePlan } from 'nestjs-mikro-audit';
import { Book } from './book.js';

/** Leaves the user on the request, as most guards do. */
@Injectable()
export class UserGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest();
    const id = request.headers['x-user'];
    request.user = id === undefined ? undefined : { id, name: `User ${id}` };
    return true;
  }
}

@UseGuards(UserGuard)
@Controller('books')
export class BooksController {
  constructor(
    @Inject(EntityManager) private readonly em: EntityManager,
    @Inject(AuditReader) private readonly reader: AuditReader,
    @Inject(AuditRestorer) private readonly restorer: AuditRestorer,
  ) {}

  @Post()
  async create(@Body() { title, price }: Book) {
    const book = this.em.create(Book, { title, price });
    await this.em.flush();
    return { id: book.id };
  }

  @Get(':id')
  async find(@Param('id') id: string) {
    const book = await this.em.findOne(Book, Number(id));
    return { title: book?.title ?? null };
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Body() values: Partial<Book>) {
    this.em.assign(await this.em.findOneOrFail(Book, Number(id)), values);
    await this.em.flush();
    return {};
  }

  @Delete(':id')
  async remove(@Param('id') id: string) {
    await this.em.remove(await this.em.findOneOrFail(Book, Number(id))).flush();
    return {};
  }

  @Get(':id/history')
  async history(@Param('id') id: string) {
    return this.reader.history(Book, Number(id));
  }

  @Post(':id/undelete')
  @HttpCode(200)
  async undelete(@Param('id') id: string) {
    return this.apply(await this.restorer.planUndelete(Book, Number(id)));
  }

  @Post('undo/:revision')
  @HttpCode(200)
  async undo(@Param('revision') revision: string) {
    return this.apply(await this.restorer.planUndo(revision));
  }

  private async apply(plan: RestorePlan) {
    const { revisionId } = await this.restorer.apply(plan, { reason: 'by mistake' });
    return { revisionId };
  }
}
