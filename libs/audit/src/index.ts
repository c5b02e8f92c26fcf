export { AuditModule } from './audit.module.js';
export { AuditPostgreSqlDriver } from './capture/orm/audit-driver.js';
export type { ActorResolver, ActorSource, ResolvedActor } from './context/actor.js';
export { AuditContext } from './context/audit-context.js';
export type { ContextValues, CurrentContext } from './context/context-values.js';
export {
  AuditAction,
  type AuditActionOptions,
} from './context/decorators/audit-action.js';
export { AuditRead } from './context/decorators/audit-read.js';
export { CurrentActor } from './context/decorators/current-actor.js';
export { keepContext } from './context/keep-context.js';
export { AuditContextInterceptor } from './context/request/interceptor.js';
export type { ReasonFields, ReasonReader } from './context/request/reason.js';
export type { SuspensionOptions } from './context/suspension.js';
export { AuditBaseline } from './coverage/baseline/audit-baseline.js';
export type {
  BaselineOptions,
  BaselineProgress,
  BaselineReport,
  BaselineResult,
} from './coverage/baseline/baseline-options.js';
export { AuditCheck } from './coverage/check/audit-check.js';
export type { CheckFinding, CheckFindingKind, FoundChange } from './coverage/check/check-finding.js';
export type {
  CheckOptions,
  CheckProgress,
  CheckReport,
  CorrectionOptions,
} from './coverage/check/check-options.js';
export { AuditDoctor } from './coverage/doctor/audit-doctor.js';
export type { DoctorCode, DoctorFinding, DoctorSeverity } from './coverage/doctor/doctor-finding.js';
export type { TrailGrowth } from './coverage/doctor/growth.js';
export {
  AuditHealth,
  type AuditHealthResult,
  type CheckRound,
  type CheckStatus,
  type CheckVerdict,
} from './coverage/health/audit-health.js';
export {
  AuditCoverage,
  type CoverageReport,
  type EntityCoverage,
  type OtherWriteFate,
  type TrailCoverage,
  type UnauditedEntity,
} from './coverage/report/audit-coverage.js';
export type { CoverageScope } from './coverage/tables/covered-classes.js';
export type { Fate, PropertyFate } from './coverage/tables/property-fates.js';
export { AuditError } from './errors/audit-error.js';
export { AuditConfigurationError } from './errors/configuration-error.js';
export {
  ActorPendingError,
  ActorResolutionError,
  MissingActorError,
  MissingReasonError,
  NoAuditContextError,
  SuspensionForbiddenError,
} from './errors/context-errors.js';
export { HiddenRowsError, InvalidCoverageError } from './errors/coverage-errors.js';
export {
  EnvelopeExpiredError,
  EnvelopeForgedError,
  EnvelopeOversizedError,
  EnvelopeRefusedError,
  EnvelopeUsedError,
  EnvelopeVersionError,
} from './errors/envelope-errors.js';
export {
  EvidenceChangedError,
  EvidenceFormatError,
  EvidenceMissingError,
  EvidenceNotCoveredError,
  EvidenceOffError,
  EvidencePublishError,
  EvidenceRefusedError,
  EvidenceSignatureError,
} from './errors/evidence-errors.js';
export {
  HistoryUnavailableError,
  InvalidQueryError,
  NotAuditedError,
  QueryTimeoutError,
} from './errors/query-errors.js';
export { RestoreConflictError, RestoreForbiddenError, StalePlanError } from './errors/restore-errors.js';
export { SequencerError, SequencerMissingError } from './errors/sequencer-errors.js';
export {
  AuditCaptureError,
  AuditStaleEntityManagerError,
  AuditTransactionRequiredError,
  AuditWriteError,
  UnrecordedWriteError,
} from './errors/write-errors.js';
export { type ExportRequest, exportEvidence } from './evidence/bundle/evidence-export.js';
export { type VerifyExportOptions, verifyExport } from './evidence/bundle/export-verifier.js';
export {
  type ProvedRecord,
  proveRecord,
  type RecordProof,
  verifyRecord,
} from './evidence/bundle/record-proof.js';
export { DatabaseLog, type RunQuery } from './evidence/database/database-log.js';
export type { LogTables } from './evidence/database/log-tables.js';
export type { RemainingSalts, RowSalts } from './evidence/leaf/row-salts.js';
export type { SealedColumn, SealedRow } from './evidence/leaf/sealed-columns.js';
export type { TreeHashes } from './evidence/merkle/tree-hashes.js';
export type { Checkpoint } from './evidence/note/checkpoint.js';
export type { LogTrust, TrustedKey } from './evidence/note/log-trust.js';
export { Ed25519Signer, NoteKey, type NoteSigner } from './evidence/note/note-key.js';
export { checkpointFolder } from './evidence/seal/checkpoint-folder.js';
export type { CheckpointPublisher } from './evidence/seal/checkpoint-publisher.js';
export { type CheckpointUrlOptions, checkpointUrl } from './evidence/seal/checkpoint-url.js';
export type { EvidenceOptions } from './evidence/seal/evidence-options.js';
export type {
  EvidenceFinding,
  EvidenceFindingKind,
  EvidenceReport,
  EvidenceSeverity,
} from './evidence/verify/evidence-finding.js';
export { LogVerifier, type VerifyOptions, type VerifyProgress } from './evidence/verify/log-verifier.js';
export type { SealedPosition, StoredLog } from './evidence/verify/sealed-position.js';
export type { Activity, ActivityDay } from './model/activity.js';
export { type Actor, type ActorType, systemActor, UNKNOWN_ACTOR } from './model/actor.js';
export type { Blame } from './model/blame.js';
export type {
  Change,
  ChangeValues,
  EntityKey,
  FieldChange,
  FieldPath,
  Operation,
  RevisionWithChanges,
} from './model/change.js';
export type { ChangeCount, ChangeCounts, CountedBy, CountGroups } from './model/change-counts.js';
export type { ChangeLabels } from './model/change-labels.js';
export type { JsonObject, JsonValue } from './model/json.js';
export type { FeedItem, FeedPage, Page, PageOptions } from './model/page.js';
export type {
  RestoreConflict,
  RestoreConflictKind,
} from './model/restore-conflict.js';
export type {
  RestorePlan,
  RestoreRequest,
  RestoreResult,
  RestoreStep,
  RestoreValue,
} from './model/restore-plan.js';
export type {
  Origin,
  Outcome,
  Revision,
  RevisionBrief,
  RevisionOf,
  RevisionSummary,
} from './model/revision.js';
export type { GapEdge, StateGap } from './model/state-gap.js';
export type { AuditModuleOptions, CheckScheduleOptions, EnvelopeOptions } from './options/audit-options.js';
export { AuditIgnore } from './policy/audit-ignore.decorator.js';
export { AuditMask } from './policy/audit-mask.decorator.js';
export { auditPolicy } from './policy/audit-policy.js';
export { Audited } from './policy/audited.decorator.js';
export type {
  AuditedOptions,
  AuditPolicy,
  AuditPolicyOptions,
  FormerNames,
  LabelFunction,
  MaskKind,
  UnrecordedWriteRule,
} from './policy/policy-declaration.js';
export { AuditEvidence, type EvidenceExportOptions } from './proofs/audit-evidence.js';
export type { ChangeSeal, CoveringCheckpoint } from './proofs/change-seal.js';
export type { TrailPlace } from './proofs/proved-trail.js';
export { AuditReader } from './query/audit-reader.js';
export type { PastReader } from './query/past-reader.js';
export type { EntityState, RelationPath, StateFilter, StateOptions } from './query/state/entity-state.js';
export { gapsOf } from './query/state/state-gaps.js';
export type {
  ActivityQuery,
  ActorQuery,
  ChangeConditions,
  ChangesQuery,
  CountsOptions,
  CountsQuery,
  DetailsOption,
  EntityChangesQuery,
  EntityCountsQuery,
  FeedQuery,
  HistoryOptions,
  OrderOptions,
  RevisionConditions,
  ValueChange,
  ValueCondition,
} from './query/terms/change-query.js';
export type { KeyList } from './query/terms/key-list.js';
export type { PlaceOptions } from './query/terms/place-options.js';
export type { PointInTime, TimeSpan } from './query/terms/point-in-time.js';
export type { PartOfQuery, ScopeOptions, TrailScope } from './query/terms/trail-scope.js';
export { type ApplyOptions, AuditRestorer } from './restore/audit-restorer.js';
export type {
  AcceptOptions,
  LimitOptions,
  RestoreLimits,
  RestoreOptions,
  UndeleteOptions,
} from './restore/restore-options.js';
export { AuditSequencer, type SealingHealth, type SequencerHealth } from './sequence/audit-sequencer.js';
export { EntityLink } from './serialize/json/entity-link.js';
export { MaskedValue } from './serialize/json/mask.js';
export type { SecretOptions } from './serialize/json/secret-scan.js';
export { UndecodableValue } from './serialize/json/undecodable-value.js';
export type { SecretNameOptions } from './serialize/text/secret-names.js';
export type { SecretTextKind } from './serialize/text/secret-texts.js';
export { type AuditPrivilegeOptions, auditPrivileges } from './store/privileges/audit-privileges.js';
export { AuditChange } from './store/tables/audit-change.entity.js';
export { AuditCheckpoint } from './store/tables/audit-checkpoint.entity.js';
export { auditEntities } from './store/tables/audit-entities.js';
export { AuditLeaf } from './store/tables/audit-leaf.entity.js';
export { AuditPosition } from './store/tables/audit-position.entity.js';
export { AuditEntityRead } from './store/tables/audit-read.entity.js';
export { AuditTick } from './store/tables/audit-tick.entity.js';
export { AuditTreeHash } from './store/tables/audit-tree-hash.entity.js';
export { auditTriggers } from './triggers/audit-triggers.js';
export type { AuditTriggerOptions } from './triggers/trigger-options.js';
export { type AuditCounts, AuditMetrics } from './write/audit-metrics.js';
export { AuditRecorder, type RecordedAction, type RecordOptions } from './write/audit-recorder.js';
