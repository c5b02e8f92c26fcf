/** The message of a thrown value, whatever it is. Never throws. */
export function describeCause(cause: unknown): string {
  try {
    return typeof cause === 'object' && cause !== null && 'message' in cause
      ? String(cause.message)
      : String(cause);
  } catch {
    return 'something that cannot be printed';
  }
}
