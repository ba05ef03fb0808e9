import { createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheFault, downloadFault } from './model-faults.ts';

export interface DownloadOptions {
  readonly url: string;
  /** Where the bytes go; what is already there is continued. */
  readonly path: string;
  /** Certificates to trust instead of the system's, in PEM. */
  readonly ca?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onBytes?: (receivedBytes: number, totalBytes: number | undefined) => void;
}

const MAX_REDIRECTS = 5;
const ATTEMPTS = 3;
const IDLE_LIMIT_MS = 30_000;

/**
 * Fetches one file, continuing where an earlier attempt stopped when the server allows it. The
 * caller checks the digest: a file that was continued from something else is caught there.
 * @throws PORTICO_MODEL_DOWNLOAD when the server cannot be reached or refuses
 */
export async function download(options: DownloadOptions): Promise<void> {
  let failure: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    options.signal?.throwIfAborted();
    const before = await sizeOf(options.path);
    try {
      return await attemptDownload(options, before);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isFileError(error)) {
        cacheFault({ file: options.path, what: 'cannot be written', cause: error });
      }
      failure = error;
      // Trying again at once helps only against a connection that broke on the way.
      if (!brokeOff(error) && (await sizeOf(options.path)) === before) break;
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  downloadFault({ file: options.url, what: `cannot be fetched: ${reason}`, cause: failure });
}

const brokeOff = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

/** Network errors have a system call too, but never one of these. */
const isFileError = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  (error.syscall === 'open' || error.syscall === 'write') &&
  'code' in error &&
  error.code !== 'EPIPE';

async function attemptDownload(options: DownloadOptions, have: number): Promise<void> {
  const response = await open(options.url, options, have, MAX_REDIRECTS);
  const { statusCode = 0, headers } = response;
  // 416: nothing is left to fetch, or the file on the server is another one; the digest tells.
  if (statusCode === 416 && have > 0) {
    response.resume();
    return;
  }
  if (statusCode !== 200 && statusCode !== 206) {
    response.destroy();
    throw new Error(`the server answers ${statusCode} ${response.statusMessage ?? ''}`.trim());
  }
  const continues =
    statusCode === 206 && headers['content-range']?.startsWith(`bytes ${have}-`) === true;
  if (!continues && have > 0) await truncate(options.path, 0);
  const start = continues ? have : 0;
  const length = Number(headers['content-length']);
  const total = Number.isFinite(length) ? start + length : undefined;
  let received = start;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.byteLength;
      options.onBytes?.(received, total);
      done(null, chunk);
    },
  });
  const file = createWriteStream(options.path, { flags: 'a' });
  await pipeline(response, count, file, { signal: options.signal });
}

function open(
  url: string,
  options: DownloadOptions,
  have: number,
  redirectsLeft: number,
): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      headers: { 'user-agent': 'portico', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      timeout: IDLE_LIMIT_MS,
      ...(options.ca === undefined ? {} : { ca: [...options.ca] }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer for ${IDLE_LIMIT_MS / 1000} s`)),
    );
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
        resolve(response);
        return;
      }
      response.resume();
      const next = new URL(headers.location, url).href;
      if (redirectsLeft === 0 || (url.startsWith('https:') && !next.startsWith('https:'))) {
        reject(new Error(`refuses the redirect to ${next}`));
        return;
      }
      open(next, options, have, redirectsLeft - 1).then(resolve, reject);
    });
    outgoing.end();
  });
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
