import { MikroORM } from '@mikro-orm/core';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule, type AppOptions } from './app.module.js';

/** The app as `npm start` runs it, with its database migrated; it audits already, but does not listen yet. */
export async function createApp(options: AppOptions): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(options), {
    logger: ['error', 'warn', 'fatal'],
    abortOnError: false,
  });
  app.set('json spaces', 2);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  const description = new DocumentBuilder()
    .setTitle('Work orders')
    .setDescription('A maintenance company whose every change is audited by nestjs-mikro-audit.')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
  await app.get(MikroORM).migrator.up();
  await app.init();
  return app;
}
