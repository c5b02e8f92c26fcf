import { Migration20261129195127_initial } from './Migration20261129195127_initial.js';
import { Migration20261130072401_native_writes } from './Migration20261130072401_native_writes.js';
import { Migration20261130073745_positions } from './Migration20261130073745_positions.js';

/** In the order of running. `mikro-orm migration:create` writes the files; add each of them here. */
export const MIGRATIONS = [
  Migration20261129195127_initial,
  Migration20261130072401_native_writes,
  Migration20261130073745_positions,
];
