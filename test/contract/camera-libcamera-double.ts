import { exec } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts a program named `libcamera-vid` into a folder: it understands the options that matter and
 * writes the pictures of a folder as motion JPEG to its output, as the real one does.
 * @returns the folder, for the front of PATH
 */
export function installLibcameraVid(parent: string, frames: string): string {
  const folder = join(parent, 'bin');
  mkdirSync(folder);
  const program = join(folder, 'libcamera-vid');
  const script = `#!${process.execPath}
const { openSync, readdirSync, readFileSync, writeSync } = require('node:fs');
const { parseArgs } = require('node:util');
const text = { type: 'string' };
const flag = { type: 'boolean' };
const { values } = parseArgs({ options: {
  timeout: text, codec: text, nopreview: flag, flush: flag, verbose: text, quality: text,
  camera: text, width: text, height: text, framerate: text, rotation: text, output: text,
} });
if (values.camera !== '0') {
  console.error('ERROR: *** no cameras available ***');
  process.exit(255);
}
const pictures = readdirSync(${JSON.stringify(frames)}).map((name) => readFileSync(${JSON.stringify(frames)} + '/' + name));
const output = openSync(values.output, 'w');
let next = 0;
setInterval(() => writeSync(output, pictures[next++ % pictures.length]), 1000 / Number(values.framerate));
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return folder;
}

/** Stands for the package node-libcamera: joins its options into a shell command, unquoted, and runs it. */
export const libcameraPackageDouble = {
  vid(options: Readonly<Record<string, unknown>>): Promise<string> {
    const words = Object.entries(options).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, String(value)],
    );
    return new Promise((resolve, reject) => {
      exec(`libcamera-vid ${words.join(' ')}`, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(error);
      });
    });
  },
};
