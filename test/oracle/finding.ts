/** The faults that a trail can have. */
export type FindingCode =
  | 'lost change'
  | 'ghost change'
  | 'doubled change'
  | 'wrong operation'
  | 'wrong before'
  | 'wrong after'
  | 'lost property'
  | 'ghost property'
  | 'lost link'
  | 'ghost link'
  | 'ignored property'
  | 'unknown property'
  | 'unknown entity type'
  | 'unreadable entity id'
  | 'doubled revision'
  | 'empty revision'
  | 'orphan change'
  | 'wrong brief'
  | 'broken chain'
  | 'replay differs';

/** One difference between the truth and the trail. */
export interface Finding {
  readonly code: FindingCode;
  /** Which transaction, entity and property. */
  readonly where: string;
  readonly detail: string;
}

/** For the message of an error. */
export function printFindings(findings: readonly Finding[], limit = 40): string {
  const lines = findings.slice(0, limit).map(({ code, where, detail }) => `- ${code}: ${where}: ${detail}`);
  const rest = findings.length > limit ? [`... and ${findings.length - limit} more`] : [];
  return [...lines, ...rest].join('\n');
}
