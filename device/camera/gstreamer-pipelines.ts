import type { FrameSize } from '../../src/domain/frame.ts';
import type { CsiSpec, FileSpec, RtspSpec, TestSpec, V4l2Spec } from './camera-spec.ts';

/** The descriptor on which every child writes its frames; stdout stays free for its chatter. */
export const FRAME_FD = 3;
/** The descriptor on which a clip is handed to a child that takes no path. */
export const CLIP_FD = 4;

const DEFAULT_CSI_SIZE: FrameSize = { widthPx: 1280, heightPx: 720 };
const DEFAULT_CSI_FPS = 30;
/** Jitter buffer of a network camera: what a wired network needs, not the element's 2 s. */
const RTSP_LATENCY_MS = 100;

/** A quoted property: gst-launch splits and unescapes its arguments like a small shell. */
function property(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, (letter) => `\\${letter}`)}"`;
}

const pixels = (size: FrameSize): string => `width=${size.widthPx},height=${size.heightPx}`;

/**
 * The common end: scaled without distortion (borders where the aspect differs), packed RGB of the
 * exact size, and a queue of one directly before the sink so that only the newest frame waits.
 */
function tail(size: FrameSize): readonly string[] {
  return [
    ...['!', 'videoscale', 'add-borders=true', '!', 'videoconvert'],
    ...['!', `video/x-raw,format=RGB,${pixels(size)},pixel-aspect-ratio=1/1`],
    ...['!', 'queue', 'max-size-buffers=1', 'max-size-bytes=0', 'max-size-time=0'],
    ...['leaky=downstream', '!', 'fdsink', `fd=${FRAME_FD}`, 'sync=false'],
  ];
}

const launch = (...elements: readonly string[]): readonly string[] => ['-q', ...elements];

/** A USB camera. Without a stated capture mode it is asked for the gate's own size. */
export function v4l2Pipeline(spec: V4l2Spec, size: FrameSize): readonly string[] {
  const media = spec.format === 'mjpeg' ? 'image/jpeg' : 'video/x-raw,format=YUY2';
  const rate =
    spec.capture.framesPerSecond === undefined
      ? ''
      : `,framerate=${spec.capture.framesPerSecond}/1`;
  return launch(
    ...['v4l2src', `device=${spec.device}`],
    ...['!', `${media},${pixels(spec.capture.size ?? size)}${rate}`],
    ...(spec.format === 'mjpeg' ? ['!', 'jpegdec'] : []),
    ...tail(size),
  );
}

/**
 * A Jetson CSI sensor. nvvidconv scales in hardware and leaves NVMM memory in one step; it stretches,
 * so it is asked for the largest size of the sensor's aspect that fits, and the tail adds the borders.
 */
export function csiPipeline(spec: CsiSpec, size: FrameSize): readonly string[] {
  const capture = spec.capture.size ?? DEFAULT_CSI_SIZE;
  const rate = spec.capture.framesPerSecond ?? DEFAULT_CSI_FPS;
  return launch(
    ...['nvarguscamerasrc', `sensor-id=${spec.sensor}`],
    ...['!', `video/x-raw(memory:NVMM),format=NV12,${pixels(capture)},framerate=${rate}/1`],
    ...['!', 'nvvidconv', '!', `video/x-raw,format=BGRx,${pixels(fitWithin(capture, size))}`],
    ...tail(size),
  );
}

/** A network camera over TCP, so that a lost datagram never tears the picture. Audio is left out. */
export function rtspPipeline(spec: RtspSpec, size: FrameSize): readonly string[] {
  const login = spec.credentials?.reveal();
  return launch(
    ...['rtspsrc', property('location', spec.url)],
    ...(login === undefined
      ? []
      : [property('user-id', login.user), property('user-pw', login.password)]),
    ...['protocols=tcp', `latency=${RTSP_LATENCY_MS}`, 'drop-on-latency=true'],
    ...['!', 'application/x-rtp,media=video', '!', 'decodebin'],
    ...tail(size),
  );
}

/**
 * A clip, read from an inherited descriptor so that no file name has to survive gst-launch's quoting.
 * `identity sync=true` keeps real time ahead of the leaky queue, which would otherwise drop the clip.
 */
export function clipPipeline(spec: FileSpec, size: FrameSize): readonly string[] {
  const rate =
    spec.framesPerSecond === undefined
      ? []
      : ['!', 'videorate', '!', `video/x-raw,framerate=${spec.framesPerSecond}/1`];
  return launch(
    ...['fdsrc', `fd=${CLIP_FD}`, '!', 'decodebin'],
    ...rate,
    ...['!', 'identity', 'sync=true'],
    ...tail(size),
  );
}

/** A picture made by GStreamer itself; a live source, so it keeps real time by itself. */
export function testPipeline(spec: TestSpec, size: FrameSize): readonly string[] {
  return launch(
    ...['videotestsrc', 'is-live=true', `pattern=${spec.pattern}`],
    ...['!', `video/x-raw,${pixels(size)},framerate=${spec.framesPerSecond}/1`],
    ...tail(size),
  );
}

/**
 * The largest size of the source's aspect within a target.
 * @returns width and height even and at least 2, at most the target's
 */
export function fitWithin(source: FrameSize, target: FrameSize): FrameSize {
  const scale = Math.min(target.widthPx / source.widthPx, target.heightPx / source.heightPx);
  const even = (value: number, limit: number): number =>
    Math.min(limit, Math.max(2, Math.round((value * scale) / 2) * 2));
  return {
    widthPx: even(source.widthPx, target.widthPx),
    heightPx: even(source.heightPx, target.heightPx),
  };
}
