/** How serious a finding is: `error` where the trail is not what it should be, `warning` where it may not be, `info` to know of. */
export type DoctorSeverity = 'error' | 'warning' | 'info';

/**
 * Stable names of findings.
 * - `rows-without-baseline`: rows are there of which the trail does not know the beginning
 * - `rows-hidden`: row level security hides rows from the role that looks
 * - `index-missing`, `index-invalid`: an index of the audit tables that searches rely on
 * - `foreign-key-unknown`: the database changes or deletes rows or links by a rule that MikroORM does not know
 * - `foreign-key-past-policies`: the database changes rows by a foreign key that row level security hides from the flush
 * - `trigger-unknown`: a trigger of an audited table or its links, whose effects on other rows are not recorded
 * - `rule-unknown`: a rewrite rule, which turns writes to an audited table into others
 * - `trigger-missing`, `trigger-off`: writes past the unit of work are not recorded, although `auditTriggers()` says so
 * - `triggers-impossible`: an entity that triggers cannot record, although there are some
 * - `writes-allowed`: writes past the unit of work leave no trace, as `unrecordedWrites: 'allow'` says
 * - `options-contradict`: two options of which one takes away what the other one is for
 * - `trigger-outdated`: a trigger of an earlier entity, policy or version, or with a changed function, which records once more, or
 *   otherwise
 * - `trail-changeable`: the role of the app may change or delete what is recorded
 * - `grants-missing`: the role of the app may not do what the library does
 * - `grants-excessive`: some other role may do more than the script of `auditPrivileges()` lets it
 * - `owner-can-log-in`: the role that can change the trail and its guard is not kept from logging in
 * - `guard-missing`: nothing keeps the role of the app from writing rows of the trail that did not happen
 * - `guard-outdated`: the guard is the one of another version
 * - `driver-blind`: writes past the unit of work go unnoticed
 * - `entity-unknown`: changes are recorded under a name that no audited class has, or has had
 * - `entity-unaudited`, `property-ignored`, `property-masked`: what the trail does not hold, as the policy says
 * - `transaction-old`: a transaction that is open for long holds back vacuum, and checks `since` a position
 * - `positions-late`: revisions wait for their positions, because no sequencer runs
 * - `rows-late`: somebody has written rows with the id of another transaction
 * - `trail-unsealed`: the option `evidence` is not given
 * - `checkpoint-late`: the trail is to be sealed, and no checkpoint of it was published for 45 minutes
 * - `growth`: how large the trail is, by how much it grows in a day, and what that makes in a year
 * - `versions`: of the server, Node and MikroORM
 */
export type DoctorCode =
  | 'rows-without-baseline'
  | 'rows-hidden'
  | 'index-missing'
  | 'index-invalid'
  | 'foreign-key-unknown'
  | 'foreign-key-past-policies'
  | 'trigger-unknown'
  | 'rule-unknown'
  | 'trigger-missing'
  | 'trigger-off'
  | 'trigger-outdated'
  | 'triggers-impossible'
  | 'writes-allowed'
  | 'options-contradict'
  | 'trail-changeable'
  | 'grants-missing'
  | 'grants-excessive'
  | 'owner-can-log-in'
  | 'guard-missing'
  | 'guard-outdated'
  | 'driver-blind'
  | 'entity-unknown'
  | 'entity-unaudited'
  | 'property-ignored'
  | 'property-masked'
  | 'transaction-old'
  | 'positions-late'
  | 'rows-late'
  | 'trail-unsealed'
  | 'checkpoint-late'
  | 'growth'
  | 'versions';

export interface DoctorFinding {
  readonly code: DoctorCode;
  readonly severity: DoctorSeverity;
  /** The audited entity whose policy or rows it is about, by its name in the trail; null for the database as a whole. */
  readonly entityType: string | null;
  /** The table, entity or property that it is about. */
  readonly subject: string;
  /** One sentence. */
  readonly message: string;
  /** The remedy; null where nothing has to be done. */
  readonly remedy: string | null;
}
