// What tsc does not copy: the pages and other files that are read at run time, into dist/.
import { cpSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
for (const folder of ['src/kiosk/page', 'src/console/page']) {
  const from = fileURLToPath(new URL(folder, root));
  if (existsSync(from)) {
    cpSync(from, fileURLToPath(new URL(`dist/${folder}`, root)), { recursive: true });
  }
}
