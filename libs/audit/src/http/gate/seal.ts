import { Visible } from './visible.js';

class Sealed<Content> extends Visible<Content> {
  /** Public here, and protected everywhere else. */
  constructor(content: Content) {
    super(content);
  }
}

/** Says that a reader may see it. For the rooms of the gate only, by a rule of the import table. */
export function seal<Content>(content: Content): Visible<Content> {
  return new Sealed(content);
}
