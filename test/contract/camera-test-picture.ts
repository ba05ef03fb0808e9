import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];

/** A moving test picture of 320x240, 15 frames a second, as a clip. @returns its path */
export function makeClip(folder: string, seconds: number): string {
  // Letters that would mean something to a shell, to gst-launch or to ffmpeg, were they not kept apart.
  const path = join(folder, 'a clip, "quoted" ! here: 100%.mp4');
  const source = `testsrc=size=320x240:rate=15:duration=${seconds}`;
  const format = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', [...quiet, '-f', 'lavfi', '-i', source, ...format, `file:${path}`]);
  return path;
}

/** The same picture as a folder of twelve JPEG files. @returns the folder's path */
export function makeFolder(folder: string): string {
  const path = join(folder, 'frames');
  mkdirSync(path);
  const source = 'testsrc=size=320x240:rate=5';
  const output = ['-frames:v', '12', join(path, 'frame-%d.jpg')];
  execFileSync('ffmpeg', [...quiet, '-f', 'lavfi', '-i', source, ...output]);
  return path;
}
