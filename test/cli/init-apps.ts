export const CLI_FILE = 'src/mikro-orm.config.ts';

/** Texts by the path of their file. */
export type Files = Readonly<Record<string, string>>;

export const BOOK = `import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited({ name: 'book' })
@Entity()
export class Book {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'string' }) title!: string;
}
`;

export const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

void NestFactory.create(AppModule).then((app) => app.listen(3000));
`;

export const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noUnusedLocals: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
    skipLibCheck: true,
  },
  include: ['src'],
});

export function moduleWith(call: string, imports = ''): string {
  return `import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
${imports}
@Module({ imports: [${call}] })
export class AppModule {}
`;
}

export const INLINE: Files = {
  'package.json': '{\n  "name": "inline",\n  "type": "module"\n}\n',
  'src/app.module.ts': `import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { Book } from './book.js';

@Module({
  imports: [
    // The database of the shop. To come: AuditModule.forRoot()
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: process.env.DATABASE_URL ?? '',
      entities: [Book],
    }),
  ],
})
export class AppModule {}
`,
};

export const INLINE_AFTER = `import { MikroOrmModule, type MikroOrmModuleSyncOptions } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { Book } from './book.js';

export const mikroOrmConfig: MikroOrmModuleSyncOptions = {
  driver: AuditPostgreSqlDriver,
  clientUrl: process.env.DATABASE_URL ?? '',
  entities: [Book, ...auditEntities],
};

@Module({
  imports: [
    // The database of the shop. To come: AuditModule.forRoot()
    MikroOrmModule.forRoot(mikroOrmConfig),
    AuditModule.forRoot(),
  ],
})
export class AppModule {}
`;

export const CLI_CONFIGURATION = `// For the command line of MikroORM, such as: npx mikro-orm migration:create
export { mikroOrmConfig as default } from './app.module.js';
`;

/** A constant that is not exported, with the comment of the module before it. */
export const CONSTANT: Files = {
  'package.json': '{ "name": "constant", "type": "module", "mikro-orm": {} }',
  'src/app.module.ts': moduleWith(
    'MikroOrmModule.forRoot(options)',
    "import { Book } from './book.js';\n\n/** The database. */\nconst options = { dbName: 'books', entities: [Book] };\n",
  ),
};

/** The configuration has a file, which is not that of the command line. */
export const ELSEWHERE: Files = {
  'package.json': '{ "name": "elsewhere", "type": "module" }',
  'src/config/database.ts': `import { Book } from '../book.js';

export const database = { dbName: 'books', entities: [Book] };
`,
  'src/app.module.ts': moduleWith(
    'MikroOrmModule.forRoot(books)',
    "import { database as books } from './config/database.js';\n",
  ),
};

export const SEPARATE: Files = {
  'package.json': '{ "name": "separate", "type": "module" }',
  'src/mikro-orm.config.ts': `import { defineConfig } from "@mikro-orm/postgresql"
import { Book } from "./book.js"

const entities = [Book]
export default defineConfig({ dbName: "books", entities })
`,
  'src/database.module.ts': moduleWith(
    'MikroOrmModule.forRoot(config)',
    "import config from './mikro-orm.config.js';\n",
  ).replace('AppModule', 'DatabaseModule'),
  'src/app.module.ts': `import { Module } from "@nestjs/common"
import { DatabaseModule } from "./database.module.js"

@Module({ imports: [DatabaseModule] })
export class AppModule {}
`,
};

export const COMMON_JS: Files = {
  'package.json': '{\n\t"name": "common-js",\n\t"mikro-audit": { "module": "./dist/other.js" }\n}',
  'src/app.module.ts': moduleWith(
    `
    MikroOrmModule.forRootAsync({
      driver: PostgreSqlDriver,
      useFactory: () => ({ driver: PostgreSqlDriver, dbName: 'books', autoLoadEntities: true }),
    }),
    MikroOrmModule.forFeature([Book]),
  `,
    "import { PostgreSqlDriver } from '@mikro-orm/postgresql';\nimport { Book } from './book.js';\n",
  ),
};
