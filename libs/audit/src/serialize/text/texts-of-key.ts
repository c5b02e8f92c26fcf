/**
 * The texts of the key columns that an entity id stands for, of a key with so many columns; undefined when the id does
 * not fit the key.
 */
export function textsOfKey(entityId: string, count: number): readonly string[] | undefined {
  if (count === 1) {
    return [entityId];
  }
  try {
    const texts: unknown = JSON.parse(entityId);
    const isFitting =
      Array.isArray(texts) && texts.length === count && texts.every((text) => typeof text === 'string');
    return isFitting ? texts : undefined;
  } catch {
    return undefined;
  }
}
