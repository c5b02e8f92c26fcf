import { AppModule } from './app.module.js';
import { joinDatabase } from './database/open-database.js';

/** The app as `mikro-audit` boots it: `npm run audit:check`. */
const { url } = await joinDatabase();
export default AppModule.register({ databaseUrl: url });
