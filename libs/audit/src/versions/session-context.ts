/** The `EntityManager` of MikroORM; that of 7.1 has no session contexts. */
interface InSession {
  getSessionContext?(): unknown;
}

/** Whether statements of an EntityManager need what its session tells row level security. */
export function hasSessionContext(em: object): boolean {
  return (em as InSession).getSessionContext?.() !== undefined;
}
