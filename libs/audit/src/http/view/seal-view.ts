import type { ChangeSeal } from '../../proofs/change-seal.js';

/** How a change stands in the log, as the API shows it. */
export type SealView = Omit<ChangeSeal, 'checkpoint'> & {
  readonly checkpoint: { readonly size: number; readonly publishedAt: string } | null;
};

/** Something with its seal, which only a sealed trail has. */
export interface Sealable {
  readonly seal?: SealView;
}

export function sealView({ position, sealed, checkpoint }: ChangeSeal): SealView {
  return {
    position,
    sealed,
    checkpoint: checkpoint && { size: checkpoint.size, publishedAt: checkpoint.publishedAt.toISOString() },
  };
}
