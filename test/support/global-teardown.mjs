/** Stops the server that global-setup started; one given by DATABASE_URL is left alone. */
export default async function globalTeardown() {
  await globalThis.auditTestDatabase?.stop();
}
