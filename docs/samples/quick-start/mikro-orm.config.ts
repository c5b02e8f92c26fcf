// For the command line of MikroORM, such as: npx mikro-orm migration:create
export { mikroOrmConfig as default } from './app.module.js';
