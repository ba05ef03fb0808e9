import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Logger } from '../domain/ports/logger.ts';

const LONGEST_ID = 128;

export interface FollowClaims {
  /** Device or named pipe of a badge reader or keypad that writes one id a line. */
  readonly path: string;
  readonly onClaim: (identityId: string) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Hands on every id that the reader writes, until the signal; a reader that goes away is reported. */
export function followClaims({ path, onClaim, logger, signal }: FollowClaims): void {
  const stream = createReadStream(path, { signal });
  stream.on('error', (error) => {
    if (signal.aborted) return;
    logger.error({ event: 'claims.lost', path, detail: error.message }, 'the badge reader is gone');
  });
  const lines = createInterface({ input: stream });
  // It repeats the stream's error, which is reported above.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const identityId = line.trim();
    if (identityId !== '' && identityId.length <= LONGEST_ID) onClaim(identityId);
  });
}
