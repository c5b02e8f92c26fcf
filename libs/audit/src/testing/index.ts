export type { AuditExpectation, ExpectedActor, ValueMatcher } from './audit-expectation.js';
export { auditMatchers } from './audit-matchers.js';
export { InMemoryAuditRecorder } from './in-memory-audit-recorder.js';
export type { AuditMatchers, MatcherResult, MatcherThis } from './matcher-types.js';
export { provideAuditTesting } from './provide-audit-testing.js';
export { type AuditedTestApp, recordedBy } from './recorded-by.js';
export type { RecordedChange, Recording } from './recording.js';
export { expectNothingUnrecorded, expectTrailToEqualTables } from './trail-assertions.js';
export { withActor } from './with-actor.js';
