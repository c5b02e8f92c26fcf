import type { Type } from '@nestjs/common';
import { NotFoundController } from '../routes/not-found.controller.js';
import { ViewerController } from '../viewer/viewer.controller.js';
import { PARAMETERS } from './parameter-documentation.js';
import { ROUTES, type RouteDocumentation } from './route-documentation.js';
import { SCHEMAS } from './schemas.js';

type Swagger = typeof import('@nestjs/swagger');

const DOCUMENTED = Symbol('nestjs-mikro-audit:documented');

/** Describes the routes for `@nestjs/swagger`, if the app has it. Done once: the classes of all applications are the same. */
export async function documentRoutes(): Promise<void> {
  const swagger = await installedSwagger();
  if (!swagger || Reflect.hasOwnMetadata(DOCUMENTED, ViewerController)) {
    return;
  }
  Reflect.defineMetadata(DOCUMENTED, true, ViewerController);
  for (const controller of [NotFoundController, ViewerController]) {
    swagger.ApiExcludeController()(controller);
  }
  for (const controller of new Set(ROUTES.map((route) => route.controller))) {
    swagger.ApiTags('audit')(controller);
  }
  for (const route of ROUTES) {
    documentRoute(swagger, route);
  }
}

function documentRoute(
  swagger: Swagger,
  { controller, handler, summary, parameters, answer }: RouteDocumentation,
): void {
  const problem = { 'application/problem+json': { schema: SCHEMAS.problem } };
  const decorators = [
    swagger.ApiOperation({ summary }),
    swagger.ApiOkResponse({ description: 'The answer', schema: answer }),
    swagger.ApiBadRequestResponse({ description: 'A parameter cannot be', content: problem }),
    swagger.ApiUnauthorizedResponse({ description: 'Nobody is signed in', content: problem }),
    swagger.ApiForbiddenResponse({ description: 'The reader may not', content: problem }),
    ...parameters.flatMap((name) => {
      const documentation = PARAMETERS[name];
      return documentation ? [swagger.ApiQuery({ name, required: false, ...documentation })] : [];
    }),
  ];
  for (const decorate of decorators) {
    applyTo(controller, handler, decorate);
  }
}

function applyTo(controller: Type<object>, handler: string, decorate: MethodDecorator): void {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, handler);
  if (descriptor) {
    decorate(controller.prototype, handler, descriptor);
  }
}

/** Null when the app does not have it. */
async function installedSwagger(): Promise<Swagger | null> {
  try {
    return await import('@nestjs/swagger');
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND') {
      return null;
    }
    throw error;
  }
}
