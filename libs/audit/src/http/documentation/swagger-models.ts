import type { Type } from '@nestjs/common';
import type { Model } from './schema-parts.js';
import { MODELS, type ModelName } from './schemas.js';

type Swagger = typeof import('@nestjs/swagger');

/** A class for each model, because `@nestjs/swagger` gives names to classes only. */
export function documentModels(swagger: Swagger): readonly Type<object>[] {
  return Object.entries<Model>(MODELS).map(([name, { description, properties, optional = [] }]) => {
    const model = class {};
    swagger.ApiSchema({ name, description })(model);
    for (const [property, schema] of Object.entries(properties)) {
      swagger.ApiProperty({ ...schema, required: !optional.includes(property) })(model.prototype, property);
    }
    return model;
  });
}

export function schemaOf(name: ModelName): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
