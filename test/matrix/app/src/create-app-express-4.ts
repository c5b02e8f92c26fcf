import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import express from 'express';
import { AppModule } from './app.module.js';

export function createApp(): Promise<INestApplication> {
  const adapter = new ExpressAdapter(express());
  return NestFactory.create(AppModule, adapter, { logger: ['error'], abortOnError: false });
}
