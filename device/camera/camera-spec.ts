import type { FrameSize } from '../../src/domain/frame.ts';
import {
  choiceOption,
  integerOption,
  type OptionReader,
  SpecOptions,
  specFault,
  switchOption,
} from './spec-options.ts';
import { StreamCredentials } from './stream-credentials.ts';

/** `auto`: watched on live cameras, not on replays, whose pictures may repeat or be black on purpose. */
export type HealthChoice = 'auto' | 'on' | 'off';
export const TEST_PATTERNS = ['ball', 'smpte', 'snow', 'black'] as const;
export type TestPattern = (typeof TEST_PATTERNS)[number];

/** What the sensor is asked for; the picture is then scaled to the gate's own size. */
export interface CaptureMode {
  readonly size: FrameSize | undefined;
  readonly framesPerSecond: number | undefined;
}

export interface V4l2Spec {
  readonly driver: 'v4l2';
  readonly device: string;
  readonly format: 'yuyv' | 'mjpeg';
  readonly capture: CaptureMode;
  readonly health: HealthChoice;
}
export interface CsiSpec {
  readonly driver: 'csi';
  readonly sensor: number;
  readonly capture: CaptureMode;
  readonly health: HealthChoice;
}
export interface RtspSpec {
  readonly driver: 'rtsp';
  /** Without user and password. */
  readonly url: string;
  readonly credentials: StreamCredentials | undefined;
  readonly health: HealthChoice;
}
export interface FileSpec {
  readonly driver: 'file';
  readonly path: string;
  readonly loop: boolean;
  /** Absent: the clip's own rate. */
  readonly framesPerSecond: number | undefined;
  readonly health: HealthChoice;
}
export interface DirSpec {
  readonly driver: 'dir';
  readonly path: string;
  readonly loop: boolean;
  readonly framesPerSecond: number;
  readonly health: HealthChoice;
}
export interface TestSpec {
  readonly driver: 'test';
  readonly pattern: TestPattern;
  readonly framesPerSecond: number;
  readonly health: HealthChoice;
}
export interface LibcameraSpec {
  readonly driver: 'libcamera';
  readonly index: number;
  readonly framesPerSecond: number;
  readonly rotation: 0 | 180;
  readonly health: HealthChoice;
}
export type CameraSpec =
  | V4l2Spec
  | CsiSpec
  | RtspSpec
  | FileSpec
  | DirSpec
  | TestSpec
  | LibcameraSpec;

export const CAMERA_SPEC_FORMS =
  'v4l2:/dev/video0, csi:0, rtsp://host/path, rtsps://host/path, file:clip.mp4, dir:frames/, ' +
  'test:, libcamera:0';

const framesPerSecondOption = integerOption(1, 120);
const healthOption = choiceOption('auto', 'on', 'off');
const DEVICE_PATH = /^\/dev\/[A-Za-z0-9][A-Za-z0-9_.:/-]{0,120}$/;

/**
 * Reads what an installer writes for a camera.
 * @param text e.g. `v4l2:/dev/video0?format=mjpeg&width=1280&height=720&fps=30`
 * @throws PORTICO_CAMERA_SPEC naming the part that is wrong and listing what is allowed
 */
export function parseCameraSpec(text: string): CameraSpec {
  const colon = text.indexOf(':');
  const scheme = colon < 0 ? text : text.slice(0, colon);
  if (scheme === 'rtsp' || scheme === 'rtsps') return parseRtsp(text);
  const [target = '', ...queries] = text.slice(colon + 1).split('?');
  const options = new SpecOptions(text, queries.join('?'));
  switch (colon < 0 ? '' : scheme) {
    case 'v4l2':
      return finished(options, parseV4l2(text, target, options));
    case 'csi':
      return finished(options, {
        driver: 'csi',
        sensor: numberOf(text, target, integerOption(0, 15)),
        capture: captureMode(text, options),
        health: options.take('health', healthOption, 'auto'),
      });
    case 'file':
      return finished(options, {
        driver: 'file',
        path: pathOf(text, target),
        loop: options.take('loop', switchOption, false),
        framesPerSecond: options.take('fps', framesPerSecondOption, undefined),
        health: options.take('health', healthOption, 'auto'),
      });
    case 'dir':
      return finished(options, {
        driver: 'dir',
        path: pathOf(text, target),
        loop: options.take('loop', switchOption, false),
        framesPerSecond: options.take('fps', framesPerSecondOption, 10),
        health: options.take('health', healthOption, 'auto'),
      });
    case 'test':
      return finished(options, parseTest(text, target, options));
    case 'libcamera':
      return finished(options, parseLibcamera(text, target, options));
    default:
      throw specFault(text, 'no such kind of camera', CAMERA_SPEC_FORMS);
  }
}

function finished<Spec extends CameraSpec>(options: SpecOptions, spec: Spec): Spec {
  options.finish();
  return spec;
}

function parseV4l2(text: string, target: string, options: SpecOptions): V4l2Spec {
  if (!DEVICE_PATH.test(target) || target.includes('..')) {
    throw specFault(text, `"${target}" is not a video device`, 'v4l2:/dev/video0 or /dev/v4l/...');
  }
  return {
    driver: 'v4l2',
    device: target,
    format: options.take('format', choiceOption('yuyv', 'mjpeg'), 'yuyv'),
    capture: captureMode(text, options),
    health: options.take('health', healthOption, 'auto'),
  };
}

function parseTest(text: string, target: string, options: SpecOptions): TestSpec {
  if (target !== '') throw specFault(text, `"${target}" is not expected here`, 'test: alone');
  return {
    driver: 'test',
    pattern: options.take('pattern', choiceOption(...TEST_PATTERNS), 'ball'),
    framesPerSecond: options.take('fps', framesPerSecondOption, 30),
    health: options.take('health', healthOption, 'auto'),
  };
}

function parseLibcamera(text: string, target: string, options: SpecOptions): LibcameraSpec {
  return {
    driver: 'libcamera',
    index: numberOf(text, target, integerOption(0, 7)),
    framesPerSecond: options.take('fps', integerOption(1, 60), 15),
    rotation: options.take('rotation', choiceOption('0', '180'), '0') === '180' ? 180 : 0,
    health: options.take('health', healthOption, 'auto'),
  };
}

function captureMode(text: string, options: SpecOptions): CaptureMode {
  const widthPx = options.take('width', integerOption(64, 7680), undefined);
  const heightPx = options.take('height', integerOption(64, 4320), undefined);
  const framesPerSecond = options.take('fps', framesPerSecondOption, undefined);
  if (widthPx !== undefined && heightPx !== undefined) {
    return { size: { widthPx, heightPx }, framesPerSecond };
  }
  if (widthPx === undefined && heightPx === undefined) return { size: undefined, framesPerSecond };
  throw specFault(text, 'width and height belong together', 'both width and height, or neither');
}

function numberOf(text: string, target: string, reader: OptionReader<number>): number {
  const value = reader.read(target);
  if (value === undefined) throw specFault(text, `"${target}" is no camera number`, reader.allowed);
  return value;
}

function pathOf(text: string, target: string): string {
  const hasControl = [...target].some((letter) => letter < ' ' || letter === '\u007f');
  if (target === '' || hasControl) {
    throw specFault(text, 'the path is missing or unreadable', 'file:<path> or dir:<path>');
  }
  return target;
}

/** Everything after the host belongs to the camera, its query too: cameras name their streams there. */
function parseRtsp(text: string): RtspSpec {
  const shown = text.replace(/\/\/[^/]*@/, '//***@');
  const forms = 'rtsp://[user:password@]host[:port]/path, special letters percent-encoded';
  if (!URL.canParse(text) || !/^rtsps?:\/\/[!-~]+$/.test(text) || /["'\\`]/.test(text)) {
    throw specFault(shown, 'not a stream address', forms);
  }
  const url = new URL(text);
  if (url.hostname === '') throw specFault(shown, 'the host is missing', forms);
  const credentials =
    url.username === '' && url.password === ''
      ? undefined
      : new StreamCredentials(decoded(shown, url.username), decoded(shown, url.password));
  url.username = '';
  url.password = '';
  return { driver: 'rtsp', url: url.href, credentials, health: 'auto' };
}

function decoded(shown: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw specFault(
      shown,
      'user or password is wrongly encoded',
      'percent-encoded letters, %25 for %',
    );
  }
}
