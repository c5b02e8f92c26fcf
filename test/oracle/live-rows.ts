import type { OracleInput, Row, TruthRow } from './input.js';
import type { ColumnModel, EntityModel, LinkModel } from './model.js';
import { normalize } from './normalize.js';

/** Normal form of a key, equal for the truth and the trail. */
export function keyOf(row: Row, columns: readonly ColumnModel[]): string {
  return JSON.stringify(columns.map(({ name, type }) => normalize(row[name], type, 'table')));
}

/** Normal form of a link target: the key's text, a JSON array of texts when it is composite. */
export function targetOf(row: Row, columns: readonly ColumnModel[]): string {
  const parts = columns.map(({ name, type }) => String(normalize(row[name], type, 'table')));
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts);
}

/** Whether a row of the link table belongs to the relation. */
export function isLinkRow(row: Row, { filter }: LinkModel): boolean {
  return filter === null || String(row[filter.column]) === filter.value;
}

/** Targets in the order of the relation, when it has one. */
function targetsOf(rows: readonly Row[], link: LinkModel): string[] {
  const { orderColumn } = link;
  const sorted =
    orderColumn === null
      ? rows
      : [...rows].sort((a, b) => Number(a[orderColumn.name]) - Number(b[orderColumn.name]));
  return sorted.map((row) => targetOf(row, link.targetColumns));
}

/** The rows of all tables, moved forward with each row of the truth. */
export class LiveRows {
  private readonly byKey = new Map<string, Map<string, Row>>();
  private readonly byOwner = new Map<LinkModel, Map<string, Map<string, Row>>>();
  private readonly keyColumns = new Map<string, readonly ColumnModel[]>();
  private readonly linksByTable = new Map<string, LinkModel[]>();

  constructor(entities: readonly EntityModel[], baseline: OracleInput['baseline'] = {}) {
    for (const entity of entities) {
      for (const table of [...entity.tables, ...entity.subclassTables]) {
        this.keyColumns.set(table, entity.key);
        this.byKey.set(table, new Map());
      }
      for (const link of entity.links) {
        this.byOwner.set(link, new Map());
        this.linksByTable.set(link.table, [...(this.linksByTable.get(link.table) ?? []), link]);
      }
    }
    for (const [table, rows] of Object.entries(baseline)) {
      for (const row of rows) {
        this.put(table, row);
      }
    }
  }

  apply({ table, old, new: next }: TruthRow): void {
    if (old !== null) {
      this.remove(table, old);
    }
    if (next !== null) {
      this.put(table, next);
    }
  }

  find(table: string, key: string): Row | undefined {
    return this.byKey.get(table)?.get(key);
  }

  /** The class of the row with this key; null when there is no row, undefined when its class is not audited. */
  classOf(family: readonly EntityModel[], key: string): EntityModel | null | undefined {
    const root = family[0] && this.find(family[0].tables[0], key);
    if (root === undefined) {
      return null;
    }
    return family.find(
      ({ tables, subclassTables, discriminator }) =>
        tables.every((table) => this.find(table, key) !== undefined) &&
        subclassTables.every((table) => this.find(table, key) === undefined) &&
        (discriminator === null || String(root[discriminator.column]) === discriminator.value),
    );
  }

  /** The targets that the owner is linked to. */
  targets(link: LinkModel, owner: string): string[] {
    return targetsOf([...(this.byOwner.get(link)?.get(owner)?.values() ?? [])], link);
  }

  private put(table: string, row: Row): void {
    const columns = this.keyColumns.get(table);
    if (columns) {
      this.byKey.get(table)?.set(keyOf(row, columns), row);
    }
    for (const link of this.linksOf(table, row)) {
      const owner = keyOf(row, link.ownerColumns);
      const owners = this.byOwner.get(link);
      const rows = owners?.get(owner) ?? new Map<string, Row>();
      owners?.set(owner, rows.set(JSON.stringify(row), row));
    }
  }

  private remove(table: string, row: Row): void {
    const columns = this.keyColumns.get(table);
    if (columns) {
      this.byKey.get(table)?.delete(keyOf(row, columns));
    }
    for (const link of this.linksOf(table, row)) {
      this.byOwner.get(link)?.get(keyOf(row, link.ownerColumns))?.delete(JSON.stringify(row));
    }
  }

  private linksOf(table: string, row: Row): readonly LinkModel[] {
    return (this.linksByTable.get(table) ?? []).filter((link) => isLinkRow(row, link));
  }
}
