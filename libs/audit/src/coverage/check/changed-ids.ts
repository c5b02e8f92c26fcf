import type { EntityWalk } from '../../store/audit-store.js';

/** All changes since are looked at for each of these, so they are many; the ids of so many entities take a few megabytes. */
const MOST_IDS = 50_000;

/** The ids that changes name which were written since, in pages. */
export class ChangedIds {
  private ids: readonly string[] = [];
  private isLast = false;

  constructor(
    private readonly walk: EntityWalk,
    private readonly types: readonly string[],
    private readonly since: string,
    private readonly pageSize: number,
  ) {}

  /** @returns the next page, and where another one begins; null for nowhere */
  async next(
    afterId: string | null,
  ): Promise<{ readonly ids: readonly string[]; readonly stoppedAt: string | null }> {
    if (this.ids.length === 0 && !this.isLast) {
      const { types, since } = this;
      this.ids = await this.walk.changedIds({ types, since, afterId, limit: MOST_IDS });
      this.isLast = this.ids.length < MOST_IDS;
    }
    const ids = this.ids.slice(0, this.pageSize);
    this.ids = this.ids.slice(this.pageSize);
    const isOver = this.isLast && this.ids.length === 0;
    return { ids, stoppedAt: isOver ? null : (ids.at(-1) ?? null) };
  }
}
