// npm start: everything that a fresh clone needs, then the demonstration (or the gate on a real camera).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

bootstrap();
const main = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const gate = spawn(process.execPath, [main, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => gate.kill(signal));
gate.on('exit', (status, signal) => {
  process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1);
});
