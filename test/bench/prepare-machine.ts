import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('../../../test/bench/', import.meta.url));
const INGREDIENTS = [
  'build-machine.sh',
  'guest/agent',
  'guest/bench-agent.service',
  'guest/early-init',
];

/** Builds the machine unless it stands there already, made of the same files. @throws when that fails */
export function prepareMachine(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const stamp = join(folder, 'built');
  const digest = createHash('sha256');
  for (const name of INGREDIENTS) digest.update(readFileSync(join(HERE, name)));
  const wanted = digest.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(stamp, { force: true });
  const { status } = spawnSync('bash', [join(HERE, 'build-machine.sh'), folder], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the machine could not be built');
  writeFileSync(stamp, wanted);
}

/** A new disk over another, which stays as it is. @returns its path */
export function overlay(folder: string, base: string, name: string): string {
  const disk = join(folder, name);
  rmSync(disk, { force: true });
  const format = base.endsWith('.qcow2') ? 'qcow2' : 'raw';
  const from = ['-b', join(folder, base), '-F', format];
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', ...from, disk]);
  return disk;
}
