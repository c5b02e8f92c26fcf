/** The fate of the values of a property. */
export type Fate = 'recorded' | 'masked' | 'ignored';

export interface PropertyFate {
  readonly path: string;
  readonly fate: Fate;
  readonly mask: string | null;
}

type OtherWriteFate = 'recorded' | 'refused' | 'warned' | 'allowed' | 'unnoticed';

export interface EntityCoverage {
  readonly entityType: string;
  readonly tableName: string;
  readonly otherWrites: OtherWriteFate;
  readonly withoutTriggers: string | null;
  readonly properties: readonly PropertyFate[];
}

export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly subject: string;
  readonly message: string;
  readonly remedy: string | null;
}

export interface CheckRound {
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly entities: number;
  readonly changes: number;
  readonly rows: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly entityTypes: Readonly<Record<string, number>>;
}

export interface CheckStatus {
  readonly instance: string;
  readonly verdict: 'waiting' | 'clean' | 'found' | 'failed' | 'late';
  readonly beganAt: string | null;
  readonly failure: string | null;
  readonly round: CheckRound | null;
  readonly lastRound: CheckRound | null;
}

export interface UnauditedEntity {
  readonly name: string;
  readonly instance: string;
  readonly tableName: string;
}

/** The coverage of the database; null where this reader may not look. */
export interface Coverage {
  readonly entities: readonly EntityCoverage[];
  readonly unaudited: readonly UnauditedEntity[] | null;
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckStatus[] | null;
}
