import type { ChangeRecord } from './change-record.js';

/** Says what the relations of a change came to lead to, in the form of `relationTarget`; null when none did. */
export type TargetsOf = (change: ChangeRecord) => readonly string[] | null;

/** By what the entities are found whose relation has ever led to an entity. All of it as it is stored. */
export function relationTarget(entityType: string, path: string, targetId: string): string {
  return `${entityType}.${path}:${targetId}`;
}
