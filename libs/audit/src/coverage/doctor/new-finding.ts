import type { DoctorCode, DoctorSeverity } from './doctor-finding.js';

/** A finding in the making. */
export type NewFinding = readonly [
  DoctorCode,
  DoctorSeverity,
  subject: string,
  message: string,
  remedy?: string,
];
