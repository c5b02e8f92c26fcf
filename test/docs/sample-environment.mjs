// For each worker of Jest: what samples read from the environment, most of them when they are first imported.
import { randomBytes } from 'node:crypto';

const url = new URL(process.env.AUDIT_TEST_DATABASE_URL);
url.pathname = `/audit_test_books_${randomBytes(6).toString('hex')}`;

process.env.BOOKS_DATABASE_URL = url.href;
process.env.WAREHOUSE_TOKEN = 'secret';
process.env.REORDER_CRON = '* * * * * *';
process.env.REORDER_INTERVAL = '300';
