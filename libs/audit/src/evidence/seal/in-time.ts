/** Milliseconds that a place of checkpoints, or a signer such as a KMS, may take for its answer. */
const PATIENCE = 30_000;

/**
 * Waits for code of others, and not for ever.
 * @param late makes the error that stands for an answer that does not come
 */
export async function inTime<Result>(
  work: () => Result | Promise<Result>,
  late: (seconds: number) => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const noAnswer = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late(PATIENCE / 1_000)), PATIENCE).unref();
  });
  try {
    return await Promise.race([work(), noAnswer]);
  } finally {
    clearTimeout(timer);
  }
}
