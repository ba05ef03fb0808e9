import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/**
 * Reads named files out of an npm tarball; nothing else is unpacked and nothing is written.
 * @param wanted paths inside the package, without the top folder
 * @returns the files that are there, by those paths
 */
export async function readTarball(
  path: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const archive = extract();
  archive.on('entry', (header, stream, next) => {
    // The top folder is usually "package", but a publisher may choose another name.
    const name = header.name.slice(header.name.indexOf('/') + 1);
    const chunks: Uint8Array[] = [];
    const keeps = wanted.has(name) && header.type === 'file';
    stream.on('data', (chunk) => {
      if (keeps && chunk instanceof Uint8Array) chunks.push(chunk);
    });
    stream.on('end', () => {
      if (keeps) found.set(name, Buffer.concat(chunks));
      next();
    });
    stream.on('error', next);
  });
  await pipeline(createReadStream(path), createGunzip(), archive);
  return found;
}
