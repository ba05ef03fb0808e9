import { existsSync } from 'node:fs';
import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { CameraOptions } from './camera-options.ts';
import type { CsiSpec, FileSpec, RtspSpec, TestSpec, V4l2Spec } from './camera-spec.ts';
import { type ChildPlan, ChildSource } from './child-source.ts';
import {
  clipArguments,
  PLAYLIST_FFMPEG_MAJOR,
  rtspArguments,
  rtspPlaylist,
} from './ffmpeg-arguments.ts';
import {
  clipPipeline,
  csiPipeline,
  rtspPipeline,
  testPipeline,
  v4l2Pipeline,
} from './gstreamer-pipelines.ts';
import { ffmpegMajorVersion, findProgram, requireProgram } from './program-search.ts';
import { SupervisedCamera } from './supervised-camera.ts';
import { requireVideoDevice } from './v4l2-devices.ts';

export type ChildSpec = V4l2Spec | CsiSpec | RtspSpec | FileSpec | TestSpec;

const GSTREAMER = 'gst-launch-1.0';
const FFMPEG = 'ffmpeg';

interface Recipe {
  readonly description: string;
  readonly device: string;
  readonly plan: () => ChildPlan;
}

/** A camera that is a child process: GStreamer, or ffmpeg where it does better. */
export async function childCamera(
  spec: ChildSpec,
  options: Required<CameraOptions>,
): Promise<SupervisedCamera> {
  const { size, clock, logger, searchPath, limits } = options;
  const recipe =
    spec.driver === 'rtsp' ? await rtspRecipe(spec, options) : recipeOf(spec, size, searchPath);
  const credentials = spec.driver === 'rtsp' ? spec.credentials : undefined;
  const source = new ChildSource({
    ...recipe,
    atEnd: spec.driver === 'file' && !spec.loop ? 'fault' : 'start-over',
    size,
    clock,
    searchPath,
    ...(credentials === undefined ? {} : { redact: (text) => credentials.redact(text) }),
  });
  return new SupervisedCamera({ source, size, clock, logger, limits });
}

const hasFfmpeg = (searchPath: string): boolean => findProgram(FFMPEG, searchPath) !== undefined;

function recipeOf(spec: Exclude<ChildSpec, RtspSpec>, size: FrameSize, searchPath: string): Recipe {
  const gstreamer = (device: string, pipeline: readonly string[]): ChildPlan => ({
    program: requireProgram(GSTREAMER, searchPath, device),
    arguments: pipeline,
  });
  switch (spec.driver) {
    case 'v4l2':
      return {
        description: `V4L2 ${spec.device} (${spec.format}) through GStreamer`,
        device: spec.device,
        plan: () => {
          requireVideoDevice(spec.device);
          return gstreamer(spec.device, v4l2Pipeline(spec, size));
        },
      };
    case 'csi':
      return {
        description: `CSI sensor ${spec.sensor} through GStreamer`,
        device: `csi:${spec.sensor}`,
        plan: () => gstreamer(`csi:${spec.sensor}`, csiPipeline(spec, size)),
      };
    case 'test':
      return {
        description: `test pattern ${spec.pattern} of GStreamer`,
        device: 'test:',
        plan: () => gstreamer('test:', testPipeline(spec, size)),
      };
    case 'file':
      return clipRecipe(spec, size, searchPath);
  }
}

/** A login goes to ffmpeg on stdin; GStreamer takes it in its arguments only, so it is second choice. */
async function rtspRecipe(spec: RtspSpec, options: Required<CameraOptions>): Promise<Recipe> {
  const { size, searchPath, logger } = options;
  const { host } = new URL(spec.url);
  const hasLogin = spec.credentials !== undefined;
  const useFfmpeg = hasLogin && (await ffmpegMajorVersion(searchPath)) >= PLAYLIST_FFMPEG_MAJOR;
  const description = `network camera ${host} through ${useFfmpeg ? FFMPEG : 'GStreamer'}`;
  if (useFfmpeg) {
    const plan = (): ChildPlan => ({
      program: requireProgram(FFMPEG, searchPath, host),
      arguments: rtspArguments(size),
      input: rtspPlaylist(spec),
    });
    return { description, device: host, plan };
  }
  if (hasLogin) {
    logger.warn(
      { event: 'camera.credentials-visible', camera: description },
      'without ffmpeg 5 the password of the camera is visible to other users of this machine',
    );
  }
  const plan = (): ChildPlan => ({
    program: requireProgram(GSTREAMER, searchPath, host),
    arguments: rtspPipeline(spec, size),
  });
  return { description, device: host, plan };
}

function clipRecipe(spec: FileSpec, size: FrameSize, searchPath: string): Recipe {
  const useFfmpeg = hasFfmpeg(searchPath);
  return {
    description: `clip ${spec.path} through ${useFfmpeg ? FFMPEG : 'GStreamer'}`,
    device: spec.path,
    plan: () => {
      requireClip(spec.path);
      return useFfmpeg
        ? {
            program: requireProgram(FFMPEG, searchPath, spec.path),
            arguments: clipArguments(spec, size),
          }
        : {
            program: requireProgram(GSTREAMER, searchPath, spec.path),
            arguments: clipPipeline(spec, size),
            clip: spec.path,
          };
    },
  };
}

function requireClip(path: string): void {
  if (existsSync(path)) return;
  throw new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `camera file:${path}: there is no such file`,
    remedy: 'Correct the path; it is relative to the folder in which Portico was started.',
    device: path,
    transient: false,
  });
}
