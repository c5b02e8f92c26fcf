import { join } from 'node:path';

// Jest runs with the project's root as the working directory, and so do the npm scripts.
export const PROJECT = process.cwd();

export const LIBRARY = join(PROJECT, 'libs', 'audit');

/** Not under version control; for what must lie inside the project so that its packages resolve. */
export const SCRATCH = join(PROJECT, 'tmp');
