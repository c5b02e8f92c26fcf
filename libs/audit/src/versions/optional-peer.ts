/** Why an optional peer could not be imported: Node and Jest call it by different codes. */
export function isNotInstalled(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
