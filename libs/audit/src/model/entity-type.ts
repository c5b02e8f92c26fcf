const SEPARATOR = '@';

/** The name in the trail of what a class has in one schema: `Invoice@acme`. */
export function entityTypeIn(name: string, schema: string): string {
  return `${name}${SEPARATOR}${schema}`;
}

/** The name of the class, and the schema; null where the name has none. */
export function entityTypeParts(entityType: string): {
  readonly name: string;
  readonly schema: string | null;
} {
  const at = entityType.indexOf(SEPARATOR);
  return at < 0
    ? { name: entityType, schema: null }
    : { name: entityType.slice(0, at), schema: entityType.slice(at + 1) };
}
