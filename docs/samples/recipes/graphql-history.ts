// #region imports
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { Args, Field, GraphQLModule, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { AuditReader } from 'nestjs-mikro-audit';
import { Book, BooksModule } from '../quick-start.js';

// #endregion

// #region history
@ObjectType()
class BookField {
  @Field() path!: string;
  /** JSON, because each property has a type of its own; null when there is no such side. */
  @Field(() => String, { nullable: true }) before!: string | null;
  @Field(() => String, { nullable: true }) after!: string | null;
}

@ObjectType()
class BookChange {
  @Field(() => ID) id!: string;
  @Field() operation!: string;
  @Field() at!: Date;
  @Field(() => String, { nullable: true }) by!: string | null;
  @Field(() => [BookField]) fields!: BookField[];
}

@ObjectType()
class BookHistory {
  @Field(() => [BookChange]) items!: BookChange[];
  @Field(() => String, { nullable: true }) nextCursor!: string | null;
}

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));

@Resolver() // behind the guards of your app: a history shows values that the entity no longer shows
class BookHistoryResolver {
  constructor(private readonly audit: AuditReader) {}

  @Query(() => BookHistory)
  async bookHistory(
    @Args('id', { type: () => Int }) id: number,
    @Args('after', { type: () => String, nullable: true }) cursor: string | null,
  ): Promise<BookHistory> {
    const { items, nextCursor } = await this.audit.history(Book, id, { limit: 20, cursor });
    return {
      nextCursor,
      items: items.map((change) => ({
        id: change.id,
        operation: change.operation,
        at: change.revision.recordedAt,
        by: change.revision.actor.label ?? change.revision.actor.id,
        fields: change.fields.map(({ path, before, after }) => ({
          path,
          before: json(before),
          after: json(after),
        })),
      })),
    };
  }
}
// #endregion

const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true });

@Module({ imports: [BooksModule, graphql], providers: [BookHistoryResolver] })
export class HistoryBooksModule {}
