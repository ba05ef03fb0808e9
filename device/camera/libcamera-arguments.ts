import { DeviceError } from '../../src/domain/errors.ts';

/** What is handed to node-libcamera's `vid`; it becomes words of a shell command there. */
export type LibcameraArguments = Readonly<Record<string, string | number | true>>;

const integerIn =
  (min: number, max: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
const oneOf =
  (...allowed: readonly unknown[]) =>
  (value: unknown): boolean =>
    allowed.includes(value);

/** Every option that may reach the package, and the values it may have. Nothing else passes. */
const ALLOWED: Readonly<Record<string, (value: unknown) => boolean>> = {
  timeout: oneOf(0),
  codec: oneOf('mjpeg'),
  nopreview: oneOf(true),
  flush: oneOf(true),
  verbose: oneOf(0),
  camera: integerIn(0, 7),
  width: integerIn(64, 4096),
  height: integerIn(64, 4096),
  framerate: integerIn(1, 60),
  rotation: oneOf(0, 180),
  quality: integerIn(1, 100),
  output: (value) =>
    typeof value === 'string' && value.length < 200 && /^\/[A-Za-z0-9_./-]+$/.test(value),
};

/**
 * node-libcamera joins its options unquoted into a shell command, so only numbers, fixed words and a
 * path of plain letters may reach it.
 * @throws PORTICO_CAMERA_SPEC for an option that is not in the table, or a value that it does not allow
 */
export function checkLibcameraArguments(given: LibcameraArguments): LibcameraArguments {
  for (const [name, value] of Object.entries(given)) {
    const isAllowed = Object.hasOwn(ALLOWED, name) && ALLOWED[name]?.(value) === true;
    if (isAllowed) continue;
    throw new DeviceError('PORTICO_CAMERA_SPEC', {
      message: `libcamera option ${JSON.stringify(name)} = ${JSON.stringify(value)} is not allowed`,
      remedy: `Allowed: ${Object.keys(ALLOWED).join(', ')}; a temporary folder must have a plain name.`,
      device: 'libcamera',
      transient: false,
    });
  }
  return given;
}
