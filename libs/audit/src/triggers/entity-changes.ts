import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { LONGEST_LABEL } from '../model/change-labels.js';
import { relationTarget } from '../model/relation-target.js';
import { literal, quoted } from '../model/sql-names.js';
import type { AuditedProperty, EntityPolicy } from '../policy/entity-policy.js';
import { columnTypesOf } from '../serialize/property/column-type.js';
import type { CodecSettings } from '../serialize/property/property-codec.js';
import { markedLabels } from './careful-trigger.js';
import { collectingBody, type EndingLinks, endedLinksJoin } from './deleted-links.js';
import { isOfClassSql, type PolicyOf, rootSql, sharesTable } from './entity-sql.js';
import { quotedTable, type RecordedTable } from './recorded-table.js';
import { PAIRS, type TableChanges } from './table-triggers.js';
import { CarefulSql } from './values/careful-sql.js';
import { entityIdSql, keyTextSql } from './values/entity-id-sql.js';
import { type PropertySql, propertySql } from './values/property-sql.js';

/** PostgreSQL takes no more arguments for a function. */
const MOST_ARGUMENTS = 100;
const LABEL_TYPES: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'char',
  'uuid',
  'int',
  'smallint',
  'bigint',
  'numeric',
]);

/**
 * The changes that statements on one table mean, as queries with the columns of `audit_change`. Classes that share the table are
 * told apart by its discriminator; rows of a class that is not audited mean nothing.
 */
export function entityChanges(
  table: RecordedTable,
  policies: readonly EntityPolicy[],
  links: readonly EndingLinks[],
  policyOf: PolicyOf,
  settings: CodecSettings,
): TableChanges {
  const classes = policies.map((policy) => new ClassChanges(policy, policyOf, settings));
  const all = (query: (one: ClassChanges) => string) => classes.map(query).join(' union all ');
  return {
    insert: all((one) => one.insert('new_rows')),
    // A row of another class than before is the end of one entity and the beginning of another one, in this order.
    update: [
      ...(policies.some(sharesTable)
        ? [
            all((one) => one.delete(one.changingClass('o', 'n'), null)),
            all((one) => one.insert(one.changingClass('n', 'o'))),
          ]
        : []),
      all((one) => one.update()),
    ].join(' union all '),
    delete: all((one) =>
      one.delete('old_rows', links.some(({ policy }) => policy === one.policy) ? table : null),
    ),
    collect: links.length > 0 ? collectingBody(table, links, settings.platform) : null,
    truncate: all((one) => one.delete(quotedTable(table), null)),
  };
}

class ClassChanges {
  private readonly properties: readonly (PropertySql & { readonly property: AuditedProperty })[];

  constructor(
    readonly policy: EntityPolicy,
    private readonly policyOf: PolicyOf,
    private readonly settings: CodecSettings,
  ) {
    this.properties = [...policy.properties.values()].map((property) => ({
      ...propertySql(property, settings),
      property,
    }));
  }

  /** Rows of an update that are not of the class on the other side. */
  changingClass(alias: string, other: string): string {
    return `(select ${alias}.* from ${PAIRS} where (${isOfClassSql(this.policy.meta, other)}) is not true)`;
  }

  insert(rows: string): string {
    const root = this.root('n');
    return `select ${literal(this.policy.entityType)}, ${this.id('n')}, ${root.type}, ${root.id}, 'create', null::jsonb, v.a, ${this.labels('n', ['v.a'])}, null, null, ${this.targets('n', () => 'true')}
    from ${rows} n cross join lateral (select ${this.whole('n')} as a offset 0) v where ${isOfClassSql(this.policy.meta, 'n')}`;
  }

  /** @param linked the table, where links have been put aside for its rows; else null */
  delete(rows: string, linked: RecordedTable | null): string {
    const id = this.id('o');
    const links = linked ? " || coalesce(ended.links, '{}')" : '';
    const root = this.root('o');
    return `select ${literal(this.policy.entityType)}, ${id}, ${root.type}, ${root.id}, 'delete', v.b${links}, null::jsonb, ${this.labels('o', ['v.b'])}, null, null, null::text[]
    from ${rows} o cross join lateral (select ${this.whole('o')} as b offset 0) v ${linked ? endedLinksJoin(linked, id) : ''} where ${isOfClassSql(this.policy.meta, 'o')}`;
  }

  update(): string {
    const [left, present] = [this.root('o'), this.root('n')];
    const flags = this.properties.map((one, index) => `${one.differs('o', 'n')} as d${index}`).join(', ');
    const side = (alias: string) =>
      `('{' || concat_ws(',', ${this.properties
        .map(
          (one, index) =>
            `case when d.d${index} then ${literal(`${JSON.stringify(one.path)}:`)} || (${one.value(alias)})::text end`,
        )
        .join(', ')}) || '}')::jsonb`;
    const isAny = this.properties.map((_, index) => `d.d${index}`).join(' or ');
    const [was, is] = [this.id('o'), this.id('n')];
    return `select ${literal(this.policy.entityType)}, ${was}, coalesce(${present.type}, ${left.type}), coalesce(${present.id}, ${left.id}), 'update', v.b, v.a, ${this.labels('n', ['v.b', 'v.a'])}, case when ${left.id} <> ${present.id} then ${left.id} end, nullif(${is}, ${was}), ${this.targets('n', (index) => `d.d${index}`)}
    from ${PAIRS} cross join lateral (select ${flags} offset 0) d cross join lateral (select ${side('o')} as b, ${side('n')} as a offset 0) v
    where ${isOfClassSql(this.policy.meta, 'o')} and ${isOfClassSql(this.policy.meta, 'n')} and (${isAny})`;
  }

  private id(alias: string): string {
    return entityIdSql(this.policy, alias, this.settings.platform);
  }

  private root(alias: string): ReturnType<typeof rootSql> {
    return rootSql(this.policy, alias, this.policyOf, this.settings.platform);
  }

  /** All properties of a row, masked. */
  private whole(alias: string): string {
    const members = this.properties.flatMap((one) => [literal(one.path), one.value(alias)]);
    const chunks: string[] = [];
    for (let start = 0; start < members.length; start += MOST_ARGUMENTS) {
      chunks.push(`jsonb_build_object(${members.slice(start, start + MOST_ARGUMENTS).join(', ')})`);
    }
    return chunks.length === 0 ? "'{}'::jsonb" : chunks.join(' || ');
  }

  /** @param objects the properties of the change, before and after it */
  private labels(alias: string, objects: readonly string[]): string {
    const places = this.properties.flatMap((one) => one.places);
    return markedLabels(this.ownLabel(alias), objects, places, new CarefulSql(this.settings));
  }

  /** Of what an entity is called, only a column can be told. */
  private ownLabel(alias: string): string {
    const { label } = this.policy;
    const found = this.properties.find(
      ({ property: { path, mask, prop } }) => path === label && mask === null && isNamelike(prop),
    );
    if (!found) {
      return 'null::jsonb';
    }
    const text = `${alias}.${quoted(found.property.prop.fieldNames[0] ?? '')}::text`;
    return `case when ${text} is not null then jsonb_build_object('own', left(${text}, ${LONGEST_LABEL}), 'targets', '{}'::jsonb) end`;
  }

  /** The targets that relations came to lead to. */
  private targets(alias: string, isTold: (index: number) => string): string {
    const { entityType } = this.policy;
    const found = this.properties.flatMap(({ property: { prop, path, mask } }, index) =>
      isReference(prop) && mask === null
        ? [
            `case when ${isTold(index)} then ${literal(relationTarget(entityType, path, ''))} || ${keyTextSql(prop, alias, this.settings.platform)} end`,
          ]
        : [],
    );
    return found.length === 0
      ? 'null::text[]'
      : `nullif(array_remove(array[${found.join(', ')}], null), '{}')`;
  }
}

function isNamelike(prop: EntityProperty): boolean {
  const [type, second] = columnTypesOf(prop);
  return type !== undefined && second === undefined && !type.isArray && LABEL_TYPES.has(type.base);
}

function isReference({ kind, owner, polymorphic }: EntityProperty): boolean {
  return !polymorphic && (kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner));
}
