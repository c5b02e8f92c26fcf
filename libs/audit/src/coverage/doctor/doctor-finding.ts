/** How serious a finding is: `error` where the trail is not what it should be, `warning` where it may not be, `info` to know of. */
export type DoctorSeverity = 'error' | 'warning' | 'info';

/**
 * Stable names of findings.
 * - `rows-without-baseline`: rows are there of which the trail does not know the beginning
 * - `index-missing`, `index-invalid`: an index of the audit tables that searches rely on
 * - `foreign-key-unknown`: the database changes or deletes rows by a rule that MikroORM does not know
 * - `trigger-unknown`: a trigger of an audited table, whose effects on other rows are not recorded
 * - `trigger-missing`, `trigger-off`: writes past the unit of work are not recorded, although `auditTriggers()` says so
 * - `trigger-outdated`: a trigger of an earlier entity, policy or version, which records once more, or otherwise
 * - `trail-changeable`: the role of the app may change or delete what is recorded
 * - `guard-missing`: nothing keeps the role of the app from writing rows of the trail that did not happen
 * - `driver-blind`: writes past the unit of work go unnoticed
 * - `entity-unaudited`, `property-ignored`, `property-masked`: what the trail does not hold, as the policy says
 * - `transaction-old`: a transaction that is open for long holds back vacuum, and checks `since` a position
 * - `versions`: of the server, Node and MikroORM
 */
export type DoctorCode =
  | 'rows-without-baseline'
  | 'index-missing'
  | 'index-invalid'
  | 'foreign-key-unknown'
  | 'trigger-unknown'
  | 'trigger-missing'
  | 'trigger-off'
  | 'trigger-outdated'
  | 'trail-changeable'
  | 'guard-missing'
  | 'driver-blind'
  | 'entity-unaudited'
  | 'property-ignored'
  | 'property-masked'
  | 'transaction-old'
  | 'versions';

export interface DoctorFinding {
  readonly code: DoctorCode;
  readonly severity: DoctorSeverity;
  /** The table, entity or property that it is about. */
  readonly subject: string;
  /** One sentence. */
  readonly message: string;
  /** The remedy; null where nothing has to be done. */
  readonly remedy: string | null;
}
