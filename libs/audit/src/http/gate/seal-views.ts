import type { SealedCursor } from '../access/page-cursors.js';
import type { TrailProofs } from '../trail/trail-proofs.js';
import type { ChangeView } from '../view/change-view.js';
import type { RevisionView } from '../view/revision-view.js';
import { type Sealable, sealView } from '../view/seal-view.js';

/** A revision with its first changes. */
export type WholeRevisionView = RevisionView &
  Sealable & {
    readonly changes: readonly SealedChangeView[];
    readonly nextCursor: SealedCursor | null;
  };

/** A change of a revision, with its seal where the trail is sealed. */
export type SealedChangeView = ChangeView & Sealable;

/** Shows how rows are sealed, to readers who see the rows. */
export class SealViews {
  constructor(private readonly proofs: TrailProofs) {}

  /** How to show each of these rows; nothing more of them where the trail is not sealed. */
  async of(ids: readonly string[]): Promise<(id: string) => Sealable> {
    const seals = await this.proofs.seals(ids);
    return (id) => {
      const found = seals?.get(id);
      return found ? { seal: sealView(found) } : {};
    };
  }
}
