import { InvalidQueryError } from '../../errors/query-errors.js';

/** Where to look, in an application that has a schema or a database for each tenant. */
export interface PlaceOptions {
  /**
   * The schema of the rows, of entities that are in several (`schema: '*'`, or `fork({ schema })`).
   * @default that of the running EntityManager; a search without one looks into all
   */
  readonly schema?: string;
  /**
   * The `contextName` of a MikroORM instance, where several have the entity.
   * @default the one whose EntityManager runs
   */
  readonly instance?: string;
}

/** @throws InvalidQueryError for what can be no schema: it would not be looked for anywhere */
export function assertSchema({ schema }: PlaceOptions): void {
  if (schema !== undefined && (typeof schema !== 'string' || schema === '' || schema === '*')) {
    throw new InvalidQueryError(
      'schema',
      'is no name of a schema',
      'Give the schema of one tenant, or leave it out.',
    );
  }
}

/** @throws InvalidQueryError for a schema that would mean nothing */
export function refuseSchema({ schema }: PlaceOptions, why: string): void {
  if (schema !== undefined) {
    throw new InvalidQueryError('schema', `is given, but ${why}`, 'Leave it out.');
  }
}
