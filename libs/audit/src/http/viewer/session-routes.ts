import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';

/** The first segments of the routes that the cookie of the viewer holds for. */
export const SESSION_ROUTES = Symbol('nestjs-mikro-audit:session-routes');

/** Those of controllers, such as `changes` and `ui`. */
export function firstSegments(controllers: readonly Type<object>[]): readonly string[] {
  return [...new Set(controllers.flatMap(routesOf).flatMap((route) => route.split('/').find(Boolean) ?? []))];
}

function routesOf(controller: Type<object>): readonly string[] {
  const methods = Object.values(Object.getOwnPropertyDescriptors(controller.prototype));
  const paths = methods.flatMap(({ value }) => (typeof value === 'function' ? pathsOf(value) : []));
  return pathsOf(controller).flatMap((start) => paths.map((path) => `${start}/${path}`));
}

function pathsOf(decorated: Type<object>): readonly string[] {
  const reflector = new Reflector();
  return [reflector.get<string | string[] | undefined>(PATH_METADATA, decorated) ?? []].flat();
}
