import { Migration20261129195127_initial } from './Migration20261129195127_initial.js';
import { Migration20261130084829_every_write } from './Migration20261130084829_every_write.js';
import { Migration20261130110917_evidence } from './Migration20261130110917_evidence.js';

/** In the order of running. `mikro-orm migration:create` writes the files; add each of them here. */
export const MIGRATIONS = [
  Migration20261129195127_initial,
  Migration20261130084829_every_write,
  Migration20261130110917_evidence,
];
