import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import type { LawFirmApp } from './law-firm-app.js';

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
}

/** All routes of the module, from Nest's own metadata, so that none can be forgotten here. */
export function routesOf(firm: LawFirmApp): readonly Route[] {
  const modules = [...firm.app.get(ModulesContainer).values()];
  const controllers = modules
    .filter(({ metatype }) => metatype === AuditHttpModule)
    .flatMap((one) => [...one.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as { readonly prototype: Readonly<Record<string, object>> };
    const handlers = Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value as object;
      return Reflect.hasMetadata(METHOD_METADATA, handler) ? [handler] : [];
    });
    const start = Reflect.getMetadata(PATH_METADATA, controller) as string;
    return handlers.flatMap((handler) =>
      ([Reflect.getMetadata(PATH_METADATA, handler)].flat() as string[]).map((end) => ({
        method:
          Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST
            ? ('post' as const)
            : ('get' as const),
        path: [start, end]
          .join('/')
          .replaceAll(/\/+/g, '/')
          .replace(/^\/?/, '/')
          .replace(/(.)\/$/, '$1'),
      })),
    );
  });
}
