// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { Book, BooksModule } from './quick-start.js';

// #endregion

// #region seed
@Injectable()
class FirstBooks implements OnApplicationBootstrap {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.context.run({ actor: systemActor('bootstrap'), reason: 'first books' }, async () => {
      const em = this.em.fork();
      if ((await em.count(Book)) > 0) return;
      em.create(Book, { title: 'Emma', stock: 3 });
      await em.flush();
    });
  }
}
// #endregion

@Module({ imports: [BooksModule], providers: [FirstBooks] })
export class SeededBooksModule {}
