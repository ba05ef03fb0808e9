import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ModelError } from '../../src/domain/errors.ts';

const run = promisify(execFile);

/** What we need of the user's npm: its settings, and itself where they are beyond us. */
export interface NpmClient {
  settings(): Promise<NpmSettings>;
  /** Fetches a tarball to `path` the way `npm install` would, whatever proxy or login that takes. */
  pack(specifier: string, path: string, signal?: AbortSignal): Promise<void>;
}

export interface NpmSettings {
  /**
   * Registry of a package, with its scope's own registry considered; ends in '/'.
   * @throws PORTICO_MODEL_DOWNLOAD when npm is not there to name one
   */
  registryOf(packageName: string): string;
  readonly ca?: readonly string[];
  /** True when npm goes through a proxy, which we leave to npm itself. */
  readonly usesProxy: boolean;
}

const settingsSchema = z.looseObject({
  registry: z.string().optional(),
  cafile: z.string().nullish(),
  ca: z.union([z.string(), z.array(z.string())]).nullish(),
  proxy: z.string().nullish(),
  'https-proxy': z.string().nullish(),
});

/** The npm command of this machine, which knows its registry even where nobody configured one. */
export const systemNpm: NpmClient = {
  async settings() {
    const printed = await run('npm', ['config', 'list', '--json'], { maxBuffer: 1 << 24 }).then(
      ({ stdout }) => stdout,
      () => '{}',
    );
    return readSettings(printed);
  },
  async pack(specifier, path, signal) {
    const folder = await mkdtemp(join(dirname(path), 'npm-pack-'));
    const quick = ['--fetch-retries=0', '--ignore-scripts', '--silent'];
    try {
      await run('npm', ['pack', specifier, '--pack-destination', folder, ...quick], { signal });
      const [tarball] = await readdir(folder);
      if (tarball === undefined) throw new Error('npm pack wrote no file');
      await rename(join(folder, tarball), path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** @param printed what `npm config list --json` prints */
export async function readSettings(printed: string): Promise<NpmSettings> {
  const parsed = settingsSchema.safeParse(JSON.parse(printed));
  const settings = parsed.success ? parsed.data : {};
  const ca = await certificates(settings);
  const registryOf = (packageName: string): string => {
    const [scope] = packageName.split('/');
    const scoped = packageName.startsWith('@') ? settings[`${scope}:registry`] : undefined;
    const registry = typeof scoped === 'string' ? scoped : settings.registry;
    if (registry === undefined) throw registryUnknown(packageName);
    return registry.endsWith('/') ? registry : `${registry}/`;
  };
  return {
    registryOf,
    usesProxy: isSet(settings.proxy) || isSet(settings['https-proxy']),
    ...(ca === undefined ? {} : { ca }),
  };
}

function registryUnknown(packageName: string): ModelError {
  return new ModelError('PORTICO_MODEL_DOWNLOAD', {
    message: `nobody names a registry for ${packageName}: npm does not answer`,
    remedy: 'Install npm, or set its registry with `npm config set registry`; then run it again.',
    context: { packageName },
  });
}

const isSet = (value: string | null | undefined): boolean =>
  value !== undefined && value !== null && value !== '';

async function certificates(settings: z.infer<typeof settingsSchema>) {
  if (typeof settings.ca === 'string') return [settings.ca];
  if (Array.isArray(settings.ca)) return settings.ca;
  if (settings.cafile === undefined || settings.cafile === null) return undefined;
  return readFile(settings.cafile, 'utf8').then(
    (text) => [text],
    () => undefined,
  );
}
