import type { FrameSize } from '../../src/domain/frame.ts';
import type { FileSpec, RtspSpec } from './camera-spec.ts';
import { FRAME_FD } from './gstreamer-pipelines.ts';

const QUIET = ['-hide_banner', '-loglevel', 'warning'] as const;

/** Scaled without distortion, bordered to the exact size, packed RGB on the frame descriptor. */
function output(size: FrameSize, framesPerSecond: number | undefined): readonly string[] {
  const { widthPx, heightPx } = size;
  const filters = [
    ...(framesPerSecond === undefined ? [] : [`fps=${framesPerSecond}`]),
    `scale=${widthPx}:${heightPx}:force_original_aspect_ratio=decrease`,
    `pad=${widthPx}:${heightPx}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
  ];
  return [
    ...['-map', '0:v:0', '-vf', filters.join(',')],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', `pipe:${FRAME_FD}`],
  ];
}

/** A clip in real time (`-re`). `file:` keeps any path from being read as an option or a protocol. */
export function clipArguments(spec: FileSpec, size: FrameSize): readonly string[] {
  return [
    ...[...QUIET, '-nostdin', '-re'],
    ...(spec.loop ? ['-stream_loop', '-1'] : []),
    ...['-i', `file:${spec.path}`, ...output(size, spec.framesPerSecond)],
  ];
}

/**
 * A network camera whose address, credentials included, comes on stdin as a play list: arguments are
 * readable by every user of the machine, a pipe is not.
 */
export function rtspArguments(size: FrameSize): readonly string[] {
  return [
    ...[...QUIET, '-fflags', 'nobuffer', '-flags', 'low_delay'],
    ...['-analyzeduration', `${ANALYSIS_US}`],
    ...['-protocol_whitelist', 'pipe,rtsp,rtsps,rtp,tcp,tls,udp,crypto'],
    ...['-f', 'concat', '-safe', '0', '-i', 'pipe:0', ...output(size, undefined)],
  ];
}

/** Play lists know options of their own since this version; without TCP a lost datagram tears the picture. */
export const PLAYLIST_FFMPEG_MAJOR = 5;
/** How long ffmpeg may study the stream before it shows it, in microseconds; its own choice is 5 s. */
const ANALYSIS_US = 500_000;

/** The play list for {@link rtspArguments}. */
export function rtspPlaylist(spec: RtspSpec): string {
  const url = new URL(spec.url);
  const login = spec.credentials?.reveal();
  if (login !== undefined) {
    url.username = encodeURIComponent(login.user).replaceAll("'", '%27');
    url.password = encodeURIComponent(login.password).replaceAll("'", '%27');
  }
  return [
    'ffconcat version 1.0',
    `file '${url.href}'`,
    'option rtsp_transport tcp',
    `option analyzeduration ${ANALYSIS_US}`,
    '',
  ].join('\n');
}
