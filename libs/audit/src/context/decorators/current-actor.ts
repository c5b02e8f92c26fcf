import { createParamDecorator } from '@nestjs/common';
import type { Actor } from '../../model/actor.js';
import { runningScope } from '../scope.js';

/**
 * The actor of the request, as a parameter of a handler of any transport: `@CurrentActor() actor: Actor | null`. Null when nobody is
 * known. An asynchronous `resolveActor` option has been waited for.
 * @throws ActorResolutionError when the `resolveActor` option fails; the handler is then not called
 */
export const CurrentActor: () => ParameterDecorator = createParamDecorator(
  async (): Promise<Actor | null> => (await runningScope.getStore()?.actor()) ?? null,
);
