import type { EntityManager, UnitOfWork } from '@mikro-orm/core';
import { type ChangeLabels, LONGEST_LABEL } from '../../model/change-labels.js';
import type { JsonValue } from '../../model/json.js';
import { RowMap, type RowName } from '../../model/row-map.js';
import type { AuditedProperty, EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { keyText } from '../../serialize/entity/key-text.js';
import { linkIds } from '../../serialize/entity/links.js';
import { displayText } from '../../serialize/text/safe-text.js';
import { MASKED_TEXT, type SecretTexts } from '../../serialize/text/secret-texts.js';
import { type AnyChangeSet, isDelete } from '../orm/change-set-facts.js';
import { entityIn, hasKey, isLoaded, keyColumnsOf, keyOf, metaOf } from '../orm/entity-facts.js';
import { entityOfId } from '../orm/identity-map.js';
import { RowKey } from '../orm/row-key.js';
import { rowPlace, schemaAround, schemaOf, targetPlace } from '../orm/schema-facts.js';
import type { Draft } from './draft.js';
import type { PolicyLookup } from './part-of.js';

/** For one change of links; a bulk change has more links than anybody reads. */
const MOST_LINKS = 500;

/** The relations of a class whose targets may have labels. */
interface LabelledRelations {
  readonly references: readonly AuditedProperty[];
  /** By the name of the relation. */
  readonly collections: ReadonlyMap<string, AuditedProperty['prop']>;
}

/** The values that labels may show, and the relations of audited classes that lead to something with a label; looked up once per class. */
export class LabelPolicies {
  private readonly known = new Map<EntityCodec, LabelledRelations>();

  constructor(
    readonly policyOf: PolicyLookup,
    private readonly secrets: SecretTexts,
  ) {}

  of(codec: EntityCodec): LabelledRelations {
    let relations = this.known.get(codec);
    if (!relations) {
      relations = {
        references: codec.references.filter(({ prop }) => this.isLabelled(prop)),
        collections: new Map(
          [...codec.policy.collections.values()]
            .filter(({ prop, isMasked }) => !isMasked && this.isLabelled(prop))
            .map(({ name, prop }) => [name, prop]),
        ),
      };
      this.known.set(codec, relations);
    }
    return relations;
  }

  /** A label as it is stored: one that holds a secret shows nothing, like the value that it is made of. */
  shown(label: string): string {
    return this.secrets.isSecret(label) ? MASKED_TEXT : displayText(label, LONGEST_LABEL);
  }

  /** A relation by another value than the key does not tell which entity it leads to. */
  private isLabelled({ targetMeta, targetKey }: AuditedProperty['prop']): boolean {
    return (
      targetMeta !== undefined &&
      targetKey === undefined &&
      [targetMeta, targetMeta.root].some((meta) => (this.policyOf(meta)?.label ?? null) !== null)
    );
  }
}

/** Labels of the entities that a flush came across, as far as they are loaded. Labels cause no query. */
export class Labels {
  private deleted: RowMap<object> | undefined;

  constructor(
    private readonly policies: LabelPolicies,
    private readonly unitOfWork: UnitOfWork,
    private readonly changeSets: readonly AnyChangeSet[],
    private readonly em: EntityManager,
  ) {}

  /** Labels of a changed entity and of what its relations led to and lead to; null when nothing has a label. */
  of(draft: Draft): ChangeLabels | null {
    const { codec, links } = draft;
    const { references, collections } = this.policies.of(codec);
    if (codec.policy.label === null && references.length === 0 && (!links || collections.size === 0)) {
      return null;
    }
    const targets: Record<string, Record<string, string>> = {};
    const put = (path: string, prop: AuditedProperty['prop'], ids: readonly string[]): void => {
      const labels = this.ofTargets(prop, ids, codec.policy);
      if (Object.keys(labels).length > 0) {
        targets[path] = labels;
      }
    };
    for (const { name, path, prop } of references) {
      put(path, prop, idsIn(draft.before[name], draft.after[name]));
    }
    for (const [name, prop] of links ? collections : []) {
      const ids = [links?.before[name], links?.after[name]].flatMap((side) => linkIds(side) ?? []);
      put(name, prop, ids.slice(0, MOST_LINKS));
    }
    const own = this.ownLabel(draft);
    return own === null && Object.keys(targets).length === 0 ? null : { own, targets };
  }

  private ownLabel({ codec, entity, entityId }: Draft): string | null {
    const { meta, label, schema } = codec.policy;
    const found =
      label === null ? undefined : (entity ?? entityOfId(this.unitOfWork, meta, entityId, schema));
    return found ? this.labelOf(found, codec.policy) : null;
  }

  /** @param from the class of what refers to them */
  private ofTargets(
    { targetMeta }: AuditedProperty['prop'],
    ids: readonly string[],
    { meta: from, schema }: EntityPolicy,
  ): Record<string, string> {
    const labels: Record<string, string> = {};
    const place = targetMeta && targetPlace(from, targetMeta, schema ?? schemaOf(this.em), this.em);
    for (const id of place ? ids : []) {
      const entity =
        targetMeta &&
        (entityOfId(this.unitOfWork, targetMeta, id, place?.schema) ??
          this.deletedEntity({ table: place?.table, text: id }));
      const policy = entity && this.policies.policyOf(metaOf(entity));
      const label = entity && policy && this.labelOf(entity, policy);
      if (label) {
        labels[id] = label;
      }
    }
    return labels;
  }

  private labelOf(entity: object, policy: EntityPolicy): string | null {
    const label = labelIn(entity, policy);
    return label === null ? null : this.policies.shown(label);
  }

  /** The unit of work forgets what it deletes. */
  private deletedEntity(row: RowName): object | undefined {
    this.deleted ??= new RowMap(
      this.changeSets.filter(isDelete).map(({ entity }) => {
        const meta = metaOf(entity);
        const place = rowPlace(meta, schemaAround(entity, this.em), this.em);
        return [RowKey.ofValues(meta, keyOf(entity), place), entity] as const;
      }),
    );
    return this.deleted.get(row);
  }
}

/** The label of an entity; null when the policy names none, or what it needs is not loaded, or its function throws. */
function labelIn(entity: object, policy: EntityPolicy): string | null {
  const { label } = policy;
  if (label === null || !hasKey(entity)) {
    return null;
  }
  if (typeof label !== 'string' && !isLoaded(entity)) {
    return null;
  }
  const text = typeof label === 'string' ? valueAt(entity, label) : labelBy(label, entity, policy);
  return typeof text === 'string' || typeof text === 'number' || typeof text === 'bigint'
    ? String(text)
    : null;
}

function labelBy(
  label: Exclude<EntityPolicy['label'], string | null>,
  entity: object,
  { properties }: EntityPolicy,
): string | null {
  const known: Record<string, unknown> = {};
  for (const { path, mask } of properties.values()) {
    const value = mask === null ? valueAt(entity, path) : undefined;
    if (value !== undefined) {
      known[path] = value;
    }
  }
  try {
    return label(known);
  } catch {
    // A label is for people; the change is recorded without it.
    return null;
  }
}

/** The value at a path, a relation as the key of its target; undefined when it is not loaded. */
function valueAt(entity: object, path: string): unknown {
  let value: unknown = entity;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  const target = entityIn(value);
  if (target) {
    const key = keyColumnsOf(target);
    return key.length === 1 ? key[0] : key;
  }
  return value;
}

function idsIn(...values: readonly (JsonValue | undefined)[]): readonly string[] {
  return values.flatMap((value) => (value === undefined || value === null ? [] : [keyText([value])]));
}
