// #region imports
import { EntityManager } from '@mikro-orm/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type CanActivate, type ExecutionContext, Injectable, Module, UseGuards } from '@nestjs/common';
import {
  Args,
  Field,
  GqlExecutionContext,
  GraphQLModule,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Book, BooksModule } from './quick-start.js';

// #endregion

@ObjectType('Book')
class BookView {
  @Field(() => Int) id!: number;
  @Field() title!: string;
  @Field(() => Int) stock!: number;
}

// #region guard
@Injectable()
class GraphqlUserGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const { req } = GqlExecutionContext.create(execution).getContext();
    req.user = { id: req.headers['x-user'] }; // after checking a token, in real life
    return true;
  }
}
// #endregion

// #region resolver
@Resolver(() => BookView)
@UseGuards(GraphqlUserGuard)
class BooksResolver {
  constructor(private readonly em: EntityManager) {}

  @Query(() => [BookView])
  books(): Promise<Book[]> {
    return this.em.find(Book, {}, { orderBy: { id: 'asc' } });
  }

  @Mutation(() => BookView)
  async sell(@Args('id', { type: () => Int }) id: number): Promise<Book> {
    const book = await this.em.findOneOrFail(Book, id);
    book.stock -= 1;
    await this.em.flush();
    return book;
  }

  /** Field resolvers run side by side, so each needs an EntityManager of its own, audited or not. */
  @ResolveField(() => Boolean)
  async reordered(@Parent() { id }: BookView): Promise<boolean> {
    const em = this.em.fork();
    const book = await em.findOneOrFail(Book, id);
    if (book.stock >= 5) return false;
    book.stock += 10;
    await em.flush();
    return true;
  }
}
// #endregion

// #region module
const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true });

@Module({ imports: [BooksModule, graphql], providers: [BooksResolver] })
export class GraphqlBooksModule {}
// #endregion
