import { AppModule } from './app.module.js';
import { openAuditLog } from './audit-log/audit-log.js';
import { filesDir, joinDatabase } from './database/open-database.js';

/** The app as `mikro-audit` boots it: `npm run audit:check`. */
const { url } = await joinDatabase();
const { evidence } = await openAuditLog(filesDir());
export default AppModule.register({ databaseUrl: url, evidence });
