const MEMBERS: readonly string[] = ['metadata', 'partOf', 'entity', 'entityType', 'schema', 'anyOf'];

/** A fault of a scope: it would leave open what its author meant to close. */
export interface ScopeProblem {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * Looks at a scope as it comes from the application, whose mistakes must not mean everything.
 * @param everything how to ask for the whole trail where the scope is given
 * @returns null when it says what a reader may see
 */
export function scopeProblem(scope: unknown, everything = 'leave it out'): ScopeProblem | null {
  if (!isObject(scope)) {
    return {
      problem: `is ${scope === null ? 'null' : typeof scope}`,
      remedy: `Give an object such as { metadata: { tenant } }, or ${everything} for the whole trail.`,
    };
  }
  const names = Object.keys(scope);
  const unknown = names.find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined || names.length === 0) {
    return {
      problem: unknown === undefined ? 'says nothing' : `has "${unknown}", which is no part of a scope`,
      remedy: `Use some of: ${MEMBERS.join(', ')}.`,
    };
  }
  return metadataProblem(scope) ?? listProblem(scope, everything);
}

function metadataProblem(scope: Readonly<Record<string, unknown>>): ScopeProblem | null {
  if (!('metadata' in scope)) {
    return null;
  }
  const values = isObject(scope.metadata) ? Object.values(scope.metadata) : [];
  return values.length > 0 && !values.includes(undefined)
    ? null
    : {
        problem: 'has metadata without a value to compare with',
        remedy: 'Give the members that the metadata of a revision must have, such as { tenant: 7 }.',
      };
}

function listProblem(scope: Readonly<Record<string, unknown>>, everything: string): ScopeProblem | null {
  const empty = MEMBERS.find((name) => name in scope && [scope[name]].flat().some((one) => one == null));
  if (empty !== undefined) {
    return {
      problem: `has "${empty}" without a value`,
      remedy: 'Give one or several; an empty list means nothing.',
    };
  }
  const { anyOf = [], schema = [] } = scope;
  if (!Array.isArray(anyOf)) {
    return { problem: 'has "anyOf" that is no list', remedy: 'Give a list of scopes.' };
  }
  if (![schema].flat().every((one) => typeof one === 'string' && one !== '' && one !== '*')) {
    return {
      problem: 'has a "schema" that is no name of a schema',
      remedy: 'Give the schema of each tenant that may be seen.',
    };
  }
  return anyOf.map((one) => scopeProblem(one, everything)).find((problem) => problem !== null) ?? null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
