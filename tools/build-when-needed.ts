// Builds what `npm start` runs, unless the build is younger than all of its sources.
import { spawnSync } from 'node:child_process';
import { isCurrent } from './is-current.js';

const settings = ['package-lock.json', 'tsconfig.json', '.swcrc'];
const library = ['libs/audit/src', 'libs/audit/ui', 'libs/audit/build.mjs', 'libs/audit/tsconfig.build.json'];
const app = ['src', 'nest-cli.json', 'tsconfig.build.json'];

const areCurrent = await Promise.all([
  isCurrent('dist/main.js', [...settings, ...app]),
  isCurrent('libs/audit/dist/http/ui/index.html', [...settings, ...library]),
]);
if (areCurrent.includes(false)) {
  console.log(
    'Building the library, its viewer and the app. This takes a while the first time, and after changes...',
  );
  process.exitCode = spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit', shell: true }).status ?? 1;
}
