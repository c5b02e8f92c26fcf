import { ormOptions } from './database/orm-options.js';

/** For the command line, which finds its build by itself: `npm run build && npx mikro-orm migration:create`. */
export default ormOptions({
  databaseUrl: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/work_orders',
});
