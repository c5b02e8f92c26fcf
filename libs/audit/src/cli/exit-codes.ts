/** Exit codes of commands. Scripts rely on them. */
export const EXIT = {
  /** All is done, and all is well. */
  ok: 0,
  /** It has run, and something is left to do or to look into. */
  found: 1,
  /** It could not run: the command line, the app or the database. */
  failed: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
