import { expect, it } from '@jest/globals';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type INestApplication, Inject } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditModule } from 'nestjs-mikro-audit';
import request from 'supertest';
import { createTestDatabase } from '../../support/database.js';
import { orderEntities } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';

@Resolver()
class HandlerResolver {
  constructor(@Inject(AuditContext) private readonly context: AuditContext) {}

  @Query(() => String)
  handler(): string {
    return this.context.current()?.origin?.handler ?? 'none';
  }
}

it('handlers that another module builds have their own context, regardless of the order of modules', async () => {
  const database = await createTestDatabase();
  const module = await Test.createTestingModule({
    imports: [
      GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
      MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities: orderEntities })),
      AuditModule.forRoot({ isGlobal: false }),
    ],
    providers: [HandlerResolver],
  }).compile();
  const app: INestApplication = module.createNestApplication({ logger: false });
  try {
    await app.listen(0, '127.0.0.1');
    const { body } = await request(app.getHttpServer()).post('/graphql').send({ query: '{ handler }' });
    expect(body).toEqual({ data: { handler: 'HandlerResolver.handler' } });
  } finally {
    await app.close();
    await database.drop();
  }
});
