// #region text
/** The part used here of a change as `GET /audit/entities/ticket/7/history` gives it. */
export interface ShownChange {
  readonly id: string;
  readonly operation: string;
  readonly fields: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly revision: {
    readonly recordedAt: string;
    readonly actor: { readonly type: string; readonly id: string | null; readonly label: string | null };
  };
}

/** Text for people, whatever the value is. A value that is not shown is an object with a key that begins with `$`. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value !== 'object') return String(value);
  return Object.keys(value).some((key) => /^\$(mask|hidden)$/.test(key)) ? '(hidden)' : JSON.stringify(value);
}

export function who({ actor }: ShownChange['revision']): string {
  return actor.label ?? actor.id ?? actor.type;
}
// #endregion
