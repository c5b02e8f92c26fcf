import type { EntityManager, MikroORM } from '@mikro-orm/core';
import type { PolicyRegistry } from '../../policy/policy-registry.js';
import type { RowPlace } from '../../policy/row-schema.js';
import type { EntityCodecs } from '../../serialize/entity/entity-codec.js';
import { Classes } from './class-facts.js';
import { ForeignKeys } from './foreign-keys.js';
import { schemaAround, schemaOf } from './schema-facts.js';

/** The classes of one MikroORM instance, by the schema from which they are seen. */
export class Schemas {
  /** Of schemas that the application itself writes to. */
  private readonly known = new Map<string, Classes>();

  constructor(
    private readonly orm: MikroORM,
    private readonly policies: PolicyRegistry,
    private readonly codecs: EntityCodecs,
  ) {}

  /** As an entity sees them. */
  around(entity: object, em: EntityManager): Classes {
    return this.in(schemaAround(entity, em));
  }

  /** As a row sees them. */
  near({ schema }: Pick<RowPlace, 'schema'>, em: EntityManager): Classes {
    return this.in(schema ?? schemaOf(em));
  }

  /** As an EntityManager sees them. */
  from(em: EntityManager): Classes {
    return this.in(schemaOf(em));
  }

  private in(schema: string): Classes {
    let classes = this.known.get(schema);
    if (!classes) {
      const policies = this.policies.in(schema);
      const codecs = this.codecs.under(policies.all());
      classes = new Classes(schema, codecs, new ForeignKeys(this.orm, codecs), (meta) => policies.find(meta));
      this.known.set(schema, classes);
    }
    return classes;
  }
}
