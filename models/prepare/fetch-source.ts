import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ModelManifest, ModelSource } from '../../src/inference/manifest.ts';
import type { SourceFiles } from './convert-source.ts';
import { integrityOfFile, sha256Of, sha256OfFile } from './digests.ts';
import { download } from './download.ts';
import type { Downloads } from './downloads.ts';
import { cacheFault, downloadFault, integrityFault, manifestFault } from './model-faults.ts';
import type { NpmClient } from './npm-client.ts';
import type { ReportStep } from './prepare-progress.ts';
import { readTarball } from './tarball.ts';

export interface FetchOptions {
  /** Folder of the manifest, which relative `file` sources start from. */
  readonly manifestDir: string;
  readonly downloads: Downloads;
  readonly npm: NpmClient;
  readonly report: ReportStep;
  readonly signal?: AbortSignal;
}

type NpmSource = Extract<ModelSource, { type: 'npm' }>;
type HttpsSource = Extract<ModelSource, { type: 'https' }>;
type FileSource = Extract<ModelSource, { type: 'file' }>;

/**
 * The files of a source, each with the digest the manifest names.
 * @throws PORTICO_MODEL_DOWNLOAD, PORTICO_MODEL_INTEGRITY, PORTICO_MODEL_MANIFEST or
 *   PORTICO_MODEL_CACHE, naming the file
 */
export async function fetchSource(
  { source }: ModelManifest,
  options: FetchOptions,
): Promise<SourceFiles> {
  switch (source.type) {
    case 'npm':
      return fetchFromNpm(source, options);
    case 'https':
      return fetchFromWeb(source, options);
    case 'file':
      return readFromDisk(source, options);
  }
}

/** The digest in hexadecimal, shortened: the name of a tarball in the downloads folder. */
export const tarballKey = ({ integrity }: NpmSource): string =>
  `${Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex').slice(0, 32)}.tgz`;

async function fetchFromNpm(
  source: NpmSource,
  options: FetchOptions,
  attemptsLeft = 2,
): Promise<SourceFiles> {
  const specifier = `${source.package}@${source.version}`;
  let received = '';
  const tarball = await options.downloads.obtain({
    key: tarballKey(source),
    fetch: (partial) => fetchTarball(source, partial, options),
    isRight: async (path) => {
      const integrity = await integrityOfFile(path);
      received = integrity ?? 'nothing';
      return integrity === source.integrity;
    },
    refuse: () =>
      integrityFault({
        file: specifier,
        what: `the tarball has integrity ${received}, the manifest says ${source.integrity}`,
      }),
  });
  options.report({ step: 'extract' });
  const wanted = new Set(source.files.map(({ path }) => path));
  const files = await readTarball(tarball, wanted).catch((cause: unknown) => {
    // A run beside this one finished and threw the tarball away just now: fetch it again.
    if (attemptsLeft > 0 && isGone(cause)) return undefined;
    return cacheFault({ file: tarball, what: 'cannot be read', cause });
  });
  if (files === undefined) return fetchFromNpm(source, options, attemptsLeft - 1);
  for (const { path, sha256 } of source.files) {
    const bytes = files.get(path);
    if (bytes === undefined) {
      return manifestFault({ file: `${specifier}/${path}`, what: 'is not in the package' });
    }
    checkDigest(`${specifier}/${path}`, bytes, sha256);
  }
  return files;
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** From the registry directly, which shows progress and continues; else by npm itself. */
async function fetchTarball(source: NpmSource, partial: string, options: FetchOptions) {
  const { npm, signal, report } = options;
  const specifier = `${source.package}@${source.version}`;
  const settings = await npm.settings();
  const file = `${source.package.split('/').at(-1)}-${source.version}.tgz`;
  const url = `${settings.registryOf(source.package)}${source.package}/-/${file}`;
  report({ step: 'download', from: specifier, receivedBytes: 0 });
  let failure: unknown;
  if (!settings.usesProxy) {
    try {
      return await download({
        url,
        path: partial,
        onBytes: progress(specifier, report),
        ...(settings.ca === undefined ? {} : { ca: settings.ca }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
    }
  }
  try {
    await npm.pack(specifier, partial, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const cause = failure ?? error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    downloadFault({ file: specifier, what: `cannot be fetched: ${reason}`, cause });
  }
}

async function fetchFromWeb(source: HttpsSource, options: FetchOptions): Promise<SourceFiles> {
  const { downloads, report, signal } = options;
  const files = new Map<string, Uint8Array>();
  for (const { url, sha256 } of source.files) {
    let received = '';
    const key = sha256.slice(0, 32);
    const path = await downloads.obtain({
      key,
      fetch: (partial) =>
        download({
          url,
          path: partial,
          onBytes: progress(url, report),
          ...(signal === undefined ? {} : { signal }),
        }),
      isRight: async (candidate) => {
        received = (await sha256OfFile(candidate)) ?? 'nothing';
        return received === sha256;
      },
      refuse: () => wrongDigest(url, received, sha256),
    });
    files.set(url, await readFile(path));
    await downloads.release(key);
  }
  return files;
}

async function readFromDisk(source: FileSource, { manifestDir }: FetchOptions) {
  const files = new Map<string, Uint8Array>();
  for (const { path, sha256 } of source.files) {
    const absolute = isAbsolute(path) ? path : join(manifestDir, path);
    const bytes = await readFile(absolute).catch((cause: unknown) =>
      downloadFault({ file: absolute, what: 'cannot be read', cause }),
    );
    checkDigest(absolute, bytes, sha256);
    files.set(path, bytes);
  }
  return files;
}

function checkDigest(file: string, bytes: Uint8Array, sha256: string): void {
  const received = sha256Of(bytes);
  if (received !== sha256) wrongDigest(file, received, sha256);
}

function wrongDigest(file: string, received: string, expected: string): never {
  return integrityFault({
    file,
    what: `has SHA-256 ${received}, the manifest says ${expected}`,
  });
}

const progress =
  (from: string, report: ReportStep) =>
  (receivedBytes: number, totalBytes: number | undefined): void =>
    report({
      step: 'download',
      from,
      receivedBytes,
      ...(totalBytes === undefined ? {} : { totalBytes }),
    });
