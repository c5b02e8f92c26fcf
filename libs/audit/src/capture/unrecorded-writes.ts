import type { EntityManager } from '@mikro-orm/core';
import { UnrecordedWriteError } from '../errors/write-errors.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { UnrecordedWriteRule } from '../policy/policy-declaration.js';
import { AuditedTables } from './audited-tables.js';
import { callSite } from './orm/call-site.js';
import type { WrittenTable } from './orm/written-tables.js';

const STRICTEST_FIRST: readonly UnrecordedWriteRule[] = ['refuse', 'warn', 'allow'];
const SHOWN = 80;
/** A program that makes up its statements would fill the log. */
const MAX_WARNINGS = 1_000;

export interface UnrecordedWriteOptions {
  /** For entities that say nothing themselves. */
  readonly byDefault: UnrecordedWriteRule;
  /** Whether triggers record what else writes the entities of a class, in the schema that the class says. */
  readonly isRecorded: (policy: EntityPolicy) => boolean;
  /** Where tables are that name no schema. */
  readonly schema: string;
  readonly em: EntityManager;
  /** Null unless whoever sends a statement has said that nothing is recorded. */
  readonly suspension: () => { note(entityTypes: readonly string[]): void } | null;
  readonly warn: (message: string) => void;
}

/** Notices statements that write audited tables outside the unit of work, where nothing records them. */
export class UnrecordedWrites {
  readonly tables: AuditedTables;
  /** How many entities have which rule, such as `refuse 1, warn 11`; without those that triggers record. */
  readonly coverage: string;
  /** Warnings that have been given. */
  private readonly warned = new Set<string>();

  constructor(
    policies: readonly EntityPolicy[],
    private readonly options: UnrecordedWriteOptions,
  ) {
    this.tables = new AuditedTables(policies, options.schema, options.em.getMetadata());
    const byRule = Map.groupBy(
      policies.filter((policy) => !options.isRecorded(policy)),
      (policy) => this.ruleOf(policy),
    );
    this.coverage = STRICTEST_FIRST.flatMap((rule) => {
      const count = byRule.get(rule)?.length;
      return count === undefined ? [] : [`${rule} ${count}`];
    }).join(', ');
  }

  /**
   * @param sql a statement that is about to be sent, and not by the unit of work
   * @param written the tables that it writes
   * @param schema where it looks for tables of classes without one; undefined where nobody has told
   * @throws UnrecordedWriteError where the policy refuses it
   */
  check(sql: string, written: readonly WrittenTable[], schema: string | undefined): void {
    if (written.length === 0) {
      return;
    }
    const suspension = this.options.suspension();
    const around = schema ?? this.options.em.getContext(false).schema;
    for (const table of written) {
      const moved = this.tables
        .movedTo([table], around)
        .map((policy) => [policy, this.declared(policy)] as const);
      const others = this.tables.of([table]).map((policy) => [policy, this.ruleOf(policy)] as const);
      const [strictest] = [...moved, ...others].toSorted(
        ([, one], [, other]) => strictness(one) - strictness(other),
      );
      if (!strictest) {
        continue;
      }
      const [policy, rule] = strictest;
      if (suspension) {
        suspension.note([policy.name]);
      } else if (rule !== 'allow') {
        this.report(policy.name, rule, sql);
      }
    }
  }

  private report(entityType: string, rule: 'refuse' | 'warn', sql: string): void {
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

  private ruleOf(policy: EntityPolicy): UnrecordedWriteRule {
    return this.options.isRecorded(policy) ? 'allow' : this.declared(policy);
  }

  private declared(policy: EntityPolicy): UnrecordedWriteRule {
    return policy.unrecordedWrites ?? this.options.byDefault;
  }
}

function strictness(rule: UnrecordedWriteRule): number {
  return STRICTEST_FIRST.indexOf(rule);
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
