import { seal } from './seal.js';
import type { Visible } from './visible.js';

/** A page or a file of the viewer, which hold nothing of the trail. */
export function viewerText(text: string): Visible<string> {
  return seal(text);
}
