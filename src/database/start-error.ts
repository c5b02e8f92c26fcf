/** Why the app cannot start, in words that say all that a person needs to know. */
export class StartError extends Error {}
