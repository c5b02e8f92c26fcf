import type { Actor } from '../model/trail.js';

/** Number of avatar colors that the style sheet has. */
export const FACE_COLORS = 10;

/** The name of an actor for people; of one without label the id, of one without id the type. */
export function actorName(actor: Actor): string {
  return actor.label ?? actor.id ?? actor.type;
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase() || '?';
}

/** The color of an actor, the same at every visit: 0 to `FACE_COLORS` - 1. */
export function faceColor(actor: Actor): number {
  return hash(`${actor.type}:${actor.id ?? actor.label ?? ''}`) % FACE_COLORS;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
