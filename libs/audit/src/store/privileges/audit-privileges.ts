import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { literal, quoted } from '../../model/sql-names.js';
import { INSERTED_COLUMNS, READ_COLUMNS } from '../write/inserted-columns.js';
import { changeGuardSql, readGuardSql } from './write-guard.js';

/** Names of roles, which exist, and of the schema of the audit tables. */
export interface AuditPrivilegeOptions {
  /** Owns the tables, and cannot log in afterwards: migrations of these tables `set role` to it. */
  readonly owner: string;
  /** Adds what happens: the app. */
  readonly writer: string;
  /**
   * Reads all tables.
   * @default nobody
   */
  readonly reader?: string;
  /**
   * Reads changes and their order, to hand them on, but not who has looked at what.
   * @default nobody
   */
  readonly relay?: string;
  /**
   * Gives changes their positions and seals them: `mikro-audit sequence`. The writer then cannot.
   * @default the writer
   */
  readonly sequencer?: string;
  /** @default 'public' */
  readonly schema?: string;
}

/** Tables that only the sequencer writes: the order of changes, and what they are sealed with. */
const SEQUENCED = [
  'audit_tick',
  'audit_position',
  'audit_leaf',
  'audit_tree_hash',
  'audit_checkpoint',
] as const;

const ROLES = ['owner', 'writer', 'reader', 'relay', 'sequencer'] as const;

/**
 * A script that leaves each role what it needs of the audit tables, and adds a guard, by which a writer can add to the trail
 * only what happens now, in its own transaction. Read it, then run it as a superuser, or as an owner of the tables who is a member of
 * the new owner. It can be run again, and has to be after a new version of the library has changed the tables. The library does not need it.
 * @returns statements of PostgreSQL in a transaction
 * @throws AuditConfigurationError for an option that there is not, a name that is empty, and one role for two things
 */
export function auditPrivileges(options: AuditPrivilegeOptions): string {
  assertNames(options);
  const { owner, writer, reader, relay, sequencer, schema = 'public' } = options;
  const table = (name: string): string => `${quoted(schema)}."${name}"`;
  const [change, read] = [table('audit_change'), table('audit_read')];
  const sequenced = SEQUENCED.map(table);
  const order = sequenced.join(', ');
  const others = [writer, reader, relay, sequencer].flatMap((role) => role ?? []);
  const readers = [reader, relay, sequencer].flatMap((role) => (role === undefined ? [] : [quoted(role)]));
  // Reads are sealed with their revision.
  const ofReads = [reader, sequencer].flatMap((role) => (role === undefined ? [] : [quoted(role)]));
  return `-- Privileges of the audit trail. Made by auditPrivileges() of nestjs-mikro-audit.
begin;

-- The owner of the schema, as the owner of the database may, can drop what is in it, whatever is granted.
do $check$
declare
  role text;
begin
  foreach role in array array[${others.map(literal).join(', ')}] loop
    if pg_has_role(role, ${literal(quoted(owner))}::regrole, 'member') or exists (
      select from pg_namespace where nspname = ${literal(schema)} and pg_has_role(role, nspowner, 'member')
    ) then
      raise exception 'audit trail: % could drop the tables and the guard', role using hint =
        'It is a member of their owner or of the owner of the schema, or a superuser. Give the schema another owner: alter schema ... owner to ...';
    end if;
  end loop;
end
$check$;

-- The owner can do everything with the tables, so nobody logs in as it.
alter role ${quoted(owner)} nologin;
grant usage, create on schema ${quoted(schema)} to ${quoted(owner)};
alter table ${change} owner to ${quoted(owner)};
alter table ${read} owner to ${quoted(owner)};
${sequenced.map((name) => `alter table ${name} owner to ${quoted(owner)};`).join('\n')}

-- Nobody has more than what follows; sequences included, whose numbers are the ids.
revoke all on ${change}, ${read}, ${order} from public, ${others.map(quoted).join(', ')};
revoke all on sequence ${quoted(schema)}."audit_change_id_seq" from public, ${others.map(quoted).join(', ')};
grant usage on schema ${quoted(schema)} to ${others.map(quoted).join(', ')};

-- The writer adds rows. It gives neither ids nor transaction ids: they come from their defaults.
grant select on ${change}, ${read}, ${order} to ${quoted(writer)};
grant insert (${INSERTED_COLUMNS.join(', ')})
  on ${change} to ${quoted(writer)};
grant insert (${READ_COLUMNS.join(', ')}) on ${read} to ${quoted(writer)};
${readers.length > 0 ? `\n-- They only read.\ngrant select on ${change}, ${order} to ${readers.join(', ')};\n` : ''}${
  ofReads.length > 0 ? `grant select on ${read} to ${ofReads.join(', ')};\n` : ''
}
-- Who gives positions and seals adds them, and changes none.
grant insert on ${order} to ${quoted(sequencer ?? writer)};

${changeGuardSql(quoted(schema))}

${readGuardSql(quoted(schema))}

alter function ${quoted(schema)}."audit_change_guard"() owner to ${quoted(owner)};
alter function ${quoted(schema)}."audit_read_guard"() owner to ${quoted(owner)};

commit;
`;
}

function assertNames(options: AuditPrivilegeOptions): void {
  const legal: readonly string[] = [...ROLES, 'schema'];
  const given = Object.entries(options).filter(([, name]) => name !== undefined);
  for (const [option, name] of [['owner', options.owner], ['writer', options.writer], ...given]) {
    if (!legal.includes(String(option)) || typeof name !== 'string' || !/^[^\0]{1,63}$/.test(name)) {
      throw new AuditConfigurationError(
        `The option ${option} of auditPrivileges() does not exist, or is no name.`,
        `Give names of roles, and of a schema: ${legal.join(', ')}.`,
      );
    }
  }
  const roles = ROLES.flatMap((role) => options[role] ?? []);
  if (new Set(roles).size < roles.length) {
    throw new AuditConfigurationError(
      'auditPrivileges() has one role for two things, which would have the privileges of both.',
      'Give each its own role.',
    );
  }
}
