import type { EntityManager } from '@mikro-orm/core';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import { schemaOption } from '../policy/row-schema.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { encodeLinkList, encodeLinks, linkIds } from '../serialize/entity/links.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { wholeOf } from './look/row-differences.js';
import type { EntityValues } from './orm/entity-facts.js';
import { columnText } from './orm/row-key.js';
import type { RowReader } from './orm/row-reader.js';
import type { Draft } from './record/draft.js';
import { Labels } from './record/labels.js';
import { wholesOf } from './record/part-of.js';
import { toRecord } from './record/record.js';

/** Rows of one class with their links, as they are in the tables. */
export interface FoundRows {
  readonly codec: EntityCodec;
  /** By entity id. */
  readonly rows: ReadonlyMap<string, EntityValues>;
  /** Ids of links by relation and entity id, in their order where it is data. */
  readonly links: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

/** Changes that tell of rows which no flush has written: masked, with roots and labels as a create of them would have been. */
export class RowFinder {
  constructor(private readonly environment: CaptureEnvironment) {}

  /**
   * A query for each relation that leads to something with a label.
   * @param em whose identity map takes the rows that have a label
   */
  async baselines(
    { codec, rows, links }: FoundRows,
    em: EntityManager,
    reader: RowReader,
  ): Promise<readonly ChangeRecord[]> {
    const drafts = [...rows].map(([id, row]): Draft => {
      const came = [...links].flatMap(([name, byId]) => linksOf(codec, name, byId.get(id) ?? []));
      return {
        ...wholeOf(codec, row, 'baseline'),
        entity: codec.policy.label === null ? null : managed(codec, row, em),
        links: { before: {}, after: Object.fromEntries(came) },
      };
    });
    await this.loadTargets(codec, drafts, em, reader);
    const labels = new Labels(this.environment.labels, em.getUnitOfWork(false), [], em);
    const { policyOf } = this.environment.schemas.near(codec.policy, em);
    return drafts.flatMap((draft) => toRecord(draft, wholesOf(draft, policyOf), labels.of(draft)) ?? []);
  }

  /** The targets of relations of the rows, so that they have labels. */
  private async loadTargets(
    codec: EntityCodec,
    drafts: readonly Draft[],
    em: EntityManager,
    reader: RowReader,
  ): Promise<void> {
    const { references, collections } = this.environment.labels.of(codec);
    const { codecs } = this.environment.schemas.near(codec.policy, em);
    const wanted = [...references.map(({ name, prop }) => [name, prop] as const), ...collections];
    for (const [name, { targetMeta }] of wanted) {
      const ids = new Set(
        drafts.flatMap(({ after, links }) => {
          const value = after[name];
          const key = value === undefined || value === null ? [] : [columnText([value].flat())];
          return [...key, ...(linkIds(links?.after[name]) ?? [])];
        }),
      );
      for (const target of targetMeta ? codecs.family(targetMeta) : []) {
        const keys = [...ids].map((id) => target.keyOf(id)).filter((key) => key !== undefined);
        const rows =
          keys.length === 0 ? new Map<string, EntityValues>() : await reader.rowsByKey(target, keys, 'none');
        for (const [id, row] of rows) {
          managed(target, row, em);
          ids.delete(id);
        }
      }
    }
  }
}

/** A row as an entity, which is where labels are taken from. */
function managed({ policy }: EntityCodec, row: EntityValues, em: EntityManager): object {
  return em.merge<object>(
    policy.meta.class,
    { ...row },
    {
      convertCustomTypes: true,
      refresh: true,
      validate: false,
      ...schemaOption(policy),
    },
  );
}

function linksOf(
  { policy }: EntityCodec,
  name: string,
  ids: readonly string[],
): readonly (readonly [string, JsonObject])[] {
  const isOrdered = policy.collections.get(name)?.ordered === true;
  return ids.length === 0 ? [] : [[name, isOrdered ? encodeLinkList(ids) : encodeLinks(new Set(ids))]];
}
