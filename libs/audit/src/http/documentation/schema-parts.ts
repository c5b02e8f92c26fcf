type Schema = Readonly<Record<string, unknown>>;

/** A schema with a name of its own in the document. */
export interface Model {
  readonly description: string;
  readonly properties: Readonly<Record<string, Schema>>;
  /** The others are always there. */
  readonly optional?: readonly string[];
}

export const TEXT = { type: 'string' };
export const NULLABLE_TEXT = { type: 'string', nullable: true };
export const NUMBER = { type: 'integer' };
export const FLAG = { type: 'boolean' };
export const INSTANT = { type: 'string', format: 'date-time' };
export const ANY_OBJECT = { type: 'object', additionalProperties: true };
export const NULLABLE_OBJECT = { ...ANY_OBJECT, nullable: true };
export const COUNTS = { type: 'object', additionalProperties: NUMBER };
export const FLAGS = { type: 'object', additionalProperties: FLAG };
export const TEXTS = { type: 'object', additionalProperties: TEXT };
export const VALUE = {
  description:
    'JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}`',
  type: 'object',
  // OpenAPI 3.0 knows null only beside a type.
  oneOf: [NULLABLE_TEXT, { type: 'number' }, FLAG, ANY_OBJECT, { type: 'array', items: {} }],
};

export const words = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const one = (name: string): Schema => ({ type: 'object', allOf: [ref(name)] });
export const oneOrNull = (name: string): Schema => ({
  type: 'object',
  oneOf: [ref(name), { type: 'object', nullable: true, enum: [null] }],
});
export const page = (description: string, item: string): Model => ({
  description,
  properties: { items: list(ref(item)), nextCursor: NULLABLE_TEXT },
});
