import { Migration20261129195127_initial } from './Migration20261129195127_initial.js';

/** In the order of running. `mikro-orm migration:create` writes the files; add each of them here. */
export const MIGRATIONS = [Migration20261129195127_initial];
