/** A file of the app as it is, and as it is to be. */
export interface FileChange {
  /** From the folder of the app on. */
  readonly file: string;
  /** Empty when it is not there yet. */
  readonly before: string;
  readonly after: string;
}
