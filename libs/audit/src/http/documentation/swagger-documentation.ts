import type { Type } from '@nestjs/common';
import { isNotInstalled } from '../../versions/optional-peer.js';
import { NotFoundController } from '../routes/not-found.controller.js';
import { ViewerController } from '../viewer/viewer.controller.js';
import { ViewerLinkController } from '../viewer/viewer-link.controller.js';
import { HEADERS, PARAMETERS } from './parameter-documentation.js';
import { type ProblemStatus, ROUTES, type RouteDocumentation } from './route-documentation.js';
import { documentModels, schemaOf } from './swagger-models.js';

type Swagger = typeof import('@nestjs/swagger');

const DOCUMENTED = Symbol('nestjs-mikro-audit:documented');

/** Of every route: the parameters, the reader and the time may be in the way. */
const ANY_PROBLEMS: Readonly<Record<number, string>> = {
  400: 'A parameter is invalid',
  401: 'Nobody is signed in',
  403: 'The reader may not',
  422: 'It took longer than it may',
  429: 'The reader has too many of these already, or was refused too often',
};

const PROBLEMS: Readonly<Record<ProblemStatus, string>> = {
  304: 'It has not changed',
  404: 'There is no such thing for the reader',
  409: 'The trail does not say, or something is in the way',
  415: 'The body is no JSON',
  503: 'No sequencer ever ran, so nothing has an order',
};

/**
 * Describes the routes for `@nestjs/swagger`, if the app has it. Done once: the classes of all applications are the same.
 * @param security names of security schemes of the document, one of which every route needs
 */
export async function documentRoutes(security: readonly string[]): Promise<void> {
  const swagger = await installedSwagger();
  if (!swagger) {
    return;
  }
  if (!Reflect.hasOwnMetadata(DOCUMENTED, ViewerController)) {
    documentOnce(swagger);
  }
  const known: string[] = Reflect.getOwnMetadata(DOCUMENTED, ViewerController);
  for (const name of security.filter((one) => !known.includes(one))) {
    known.push(name);
    for (const controller of new Set(ROUTES.map((route) => route.controller))) {
      swagger.ApiSecurity(name)(controller);
    }
  }
}

function documentOnce(swagger: Swagger): void {
  Reflect.defineMetadata(DOCUMENTED, [], ViewerController);
  for (const controller of [NotFoundController, ViewerController, ViewerLinkController]) {
    swagger.ApiExcludeController()(controller);
  }
  const models = documentModels(swagger);
  for (const controller of new Set(ROUTES.map((route) => route.controller))) {
    swagger.ApiTags('audit')(controller);
    swagger.ApiExtraModels(...models)(controller);
  }
  for (const route of ROUTES) {
    documentRoute(swagger, route);
  }
}

function documentRoute(swagger: Swagger, route: RouteDocumentation): void {
  const { controller, handler, summary, parameters, answer, body, headers = [], problems = [] } = route;
  const content =
    typeof answer === 'string'
      ? { 'application/json': { schema: schemaOf(answer) } }
      : Object.fromEntries(answer.map((type) => [type, { schema: { type: 'string' as const } }]));
  const own = problems.map((status) => [status, PROBLEMS[status]] as const);
  const failures = [
    ...Object.entries(ANY_PROBLEMS).map(([status, text]) => [Number(status), text] as const),
    ...own,
  ];
  const decorators = [
    swagger.ApiOperation({ summary, operationId: operationIdOf(route) }),
    swagger.ApiOkResponse({ description: 'The answer', content }),
    ...failures.map(([status, description]) =>
      swagger.ApiResponse({
        status,
        description,
        ...(status === 304
          ? {}
          : { content: { 'application/problem+json': { schema: schemaOf('AuditProblem') } } }),
      }),
    ),
    ...(body ? [swagger.ApiBody({ required: true, schema: schemaOf(body) })] : []),
    ...headers.map((name) =>
      swagger.ApiHeader({
        name,
        required: false,
        description: HEADERS[name] ?? '',
        schema: { type: 'string' },
      }),
    ),
    ...parameters.flatMap((name) => {
      const documentation = PARAMETERS[name];
      return documentation ? [swagger.ApiQuery({ name, required: false, ...documentation })] : [];
    }),
  ];
  for (const decorate of decorators) {
    applyTo(controller, handler, decorate);
  }
}

/** Names of functions of a generated client. */
function operationIdOf({ controller, handler }: RouteDocumentation): string {
  return `audit${controller.name.replace('Controller', '')}_${handler}`;
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
    if (isNotInstalled(error)) {
      return null;
    }
    throw error;
  }
}
