import { InvalidArgumentError } from 'commander';

/** A port from the command line; 0 asks for any free one. @throws a usage fault for anything else */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
}
