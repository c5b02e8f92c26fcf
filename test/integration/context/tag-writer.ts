import { EntityManager } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { Tag } from '../../support/fixtures/orders.js';

/** The common part of Express and Fastify requests here. */
export interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly id: string };
}

/** Writes tags whose names begin with who writes them. */
@Injectable()
export class TagWriter {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  async write({ headers }: UserRequest, what: string): Promise<string> {
    const em = this.em.fork();
    em.create(Tag, { name: `${headers['x-user']}: ${what}` });
    await em.flush();
    return what;
  }
}
