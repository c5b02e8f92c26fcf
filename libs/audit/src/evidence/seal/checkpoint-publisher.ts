/**
 * Where signed checkpoints are published: a place that whoever can change the database cannot change. All processes that may
 * give positions need the same one.
 */
export interface CheckpointPublisher {
  /** For messages, such as `/mnt/worm/checkpoints`. */
  readonly place: string;
  /**
   * The newest checkpoint of a log that is published there; null when there is none. The log signs only what extends it.
   * @param origin name of the log
   */
  latest(origin: string): Promise<string | null>;
  /**
   * Publishes a checkpoint. The same one comes again where nothing was written meanwhile, to show that the log is alive.
   * @param size number of positions that it covers
   * @param note the signed checkpoint
   */
  publish(origin: string, size: number, note: string): Promise<void>;
}
