import type { EntityMetadata } from '@mikro-orm/core';
import { UnrecordedWriteError } from '../errors/write-errors.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { UnrecordedWriteRule } from '../policy/policy-declaration.js';
import { callSite } from './orm/call-site.js';
import { linkTableName } from './orm/link-table.js';
import { type WrittenTable, writtenTables } from './orm/written-tables.js';

/** An audited table, by all that it may be called. */
interface AuditedTable {
  readonly entityType: string;
  readonly rule: UnrecordedWriteRule;
  /** Null where each tenant has one of its own. */
  readonly schema: string | null;
}

const STRICTEST_FIRST: readonly UnrecordedWriteRule[] = ['refuse', 'warn', 'allow'];
const SHOWN = 80;
/** A program that makes up its statements would fill the log. */
const MAX_WARNINGS = 1_000;

export interface UnrecordedWriteOptions {
  /** For entities that say nothing themselves. */
  readonly byDefault: UnrecordedWriteRule;
  /** Where tables are that name no schema. */
  readonly schema: string;
  /** Null unless whoever sends a statement has said that nothing is recorded. */
  readonly suspension: () => { note(entityTypes: readonly string[]): void } | null;
  readonly warn: (message: string) => void;
}

/** Notices statements that write audited tables outside the unit of work, where nothing records them. */
export class UnrecordedWrites {
  private readonly tables = new Map<string, AuditedTable[]>();
  /** How many entities have which rule, such as `refuse 1, warn 11`. */
  readonly coverage: string;
  /** Warnings that have been given. */
  private readonly warned = new Set<string>();

  constructor(
    policies: readonly EntityPolicy[],
    private readonly options: UnrecordedWriteOptions,
  ) {
    const ruleOf = (policy: EntityPolicy) => policy.unrecordedWrites ?? options.byDefault;
    const byRule = Map.groupBy(policies, ruleOf);
    this.coverage = STRICTEST_FIRST.flatMap((rule) => {
      const count = byRule.get(rule)?.length;
      return count === undefined ? [] : [`${rule} ${count}`];
    }).join(', ');
    for (const policy of policies) {
      const rule = ruleOf(policy);
      // A row of a class with joined tables is in the tables of its base classes, too.
      for (let meta: EntityMetadata | undefined = policy.meta; meta; meta = meta.tptParent) {
        this.add(policy, meta, rule);
      }
      for (const { prop } of policy.collections.values()) {
        const { schema, name } = linkTableName(prop);
        this.add(policy, { tableName: name, schema }, rule);
      }
    }
  }

  /**
   * @param sql a statement that is about to be sent, and not by the unit of work
   * @throws UnrecordedWriteError where the policy refuses it
   */
  check(sql: string): void {
    for (const written of writtenTables(sql)) {
      const table = this.find(written);
      const suspension = table && this.options.suspension();
      if (suspension) {
        suspension.note([table.entityType]);
      } else if (table && table.rule !== 'allow') {
        this.report(table, sql);
      }
    }
  }

  private report({ entityType, rule }: AuditedTable, sql: string): void {
    const statement = shapeOf(sql);
    const place = callSite();
    if (rule === 'refuse') {
      throw new UnrecordedWriteError(entityType, statement, place);
    }
    const text = `${entityType} is written without a trace: ${statement}${place === null ? '' : ` (${place})`}.`;
    if (!this.warned.has(text) && this.warned.size < MAX_WARNINGS) {
      this.warned.add(text);
      this.options.warn(
        `${text} Load, change and flush instead, or decide with unrecordedWrites: 'refuse' or 'allow'. This place is named once.`,
      );
    }
  }

  private add(
    { name: entityType }: EntityPolicy,
    { tableName, schema }: { readonly tableName: string; readonly schema?: string | undefined },
    rule: UnrecordedWriteRule,
  ): void {
    const table = { entityType, rule, schema: schema === '*' ? null : (schema ?? this.options.schema) };
    this.tables.set(tableName, [...(this.tables.get(tableName) ?? []), table]);
  }

  /** Of classes that share the table the one with the strictest rule. */
  private find({ schema, name }: WrittenTable): AuditedTable | undefined {
    return this.tables
      .get(name)
      ?.filter((table) => schema === null || table.schema === null || table.schema === schema)
      .sort((one, other) => STRICTEST_FIRST.indexOf(one.rule) - STRICTEST_FIRST.indexOf(other.rule))[0];
  }
}

/** The first words of a statement, with a question mark for each value. */
function shapeOf(sql: string): string {
  const shape = sql
    .replaceAll(/'[^']*(?:''[^']*)*'|\$(\w*)\$[\s\S]*?\$\1\$|\b\d+(?:\.\d+)?\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\?(?:, \?)+/g, '?')
    .trim();
  return shape.length > SHOWN ? `${shape.slice(0, SHOWN)}…` : shape;
}
