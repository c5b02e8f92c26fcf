import { entityTypeParts } from '../../model/entity-type.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { PolicyRegistry } from '../../policy/policy-registry.js';
import { isMovable, isPerSchema } from '../../policy/row-schema.js';
import { storedTypes } from './change-decoder.js';

/** Names in the trail: whole ones, and those of classes, which stand for their rows in every schema. */
export class TypeSet {
  private constructor(
    readonly exact: readonly string[],
    readonly names: readonly string[],
  ) {}

  /** The rows of some classes, wherever they are. */
  static ofClasses(policies: readonly EntityPolicy[]): TypeSet {
    const [everywhere, here] = [true, false].map((wanted) =>
      policies.filter(({ meta }) => isPerSchema(meta) === wanted),
    );
    return new TypeSet(storedTypes(here ?? []), storedNames(everywhere ?? []));
  }

  /** The rows of all classes in some schemas. */
  static inSchemas(schemas: readonly string[], policies: PolicyRegistry): TypeSet {
    const found = schemas.flatMap((schema) => policies.in(schema).all());
    return new TypeSet(storedTypes(found.filter(({ meta }) => isMovable(meta))), []);
  }

  /** The types that some names stand for; none for names that no class has. */
  static named(types: readonly string[], policies: PolicyRegistry): TypeSet {
    const whole = types.flatMap((type) => policies.ofType(type) ?? []);
    const others = types.flatMap((type) => (policies.ofType(type) ? [] : (policies.named(type) ?? [])));
    return new TypeSet(storedTypes(whole), storedNames(others));
  }

  and(other: TypeSet): TypeSet {
    const exact = [
      ...this.exact.filter((type) => other.has(type)),
      ...other.exact.filter((type) => this.has(type)),
    ];
    return new TypeSet(
      [...new Set(exact)],
      this.names.filter((name) => other.names.includes(name)),
    );
  }

  private has(type: string): boolean {
    return this.exact.includes(type) || this.names.includes(entityTypeParts(type).name);
  }
}

/** Every name of some classes, as they are without a schema. */
export function storedNames(policies: readonly EntityPolicy[]): readonly string[] {
  return storedTypes(policies).map((type) => entityTypeParts(type).name);
}
