import 'reflect-metadata';
import { MikroORM } from '@mikro-orm/core';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function start(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  await app.get(MikroORM).schema.update(); // for an example; your app has migrations
  await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
}

void start();
