import { DeviceError } from '../../src/domain/errors.ts';

/** What a camera program's own words mean for the installer. First match wins. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [
    /no element "(nv[a-z]*)"/i,
    'This needs the Jetson multimedia packages: sudo apt install nvidia-l4t-gstreamer',
  ],
  [/no element "jpegdec"/i, 'Install the decoder: sudo apt install gstreamer1.0-plugins-good'],
  [
    /no element/i,
    'Install it: sudo apt install gstreamer1.0-plugins-base gstreamer1.0-plugins-good',
  ],
  [/busy/i, 'Another program holds the camera: find it with `fuser -v` on the device, and end it.'],
  [
    /permission denied|not permitted/i,
    'Let this user read it; for cameras: sudo usermod -aG video <user>',
  ],
  [
    /401|unauthori[sz]ed|not authori[sz]ed/i,
    'Correct the user and password in the address of the camera.',
  ],
  [/404|stream not found/i, "Correct the path of the stream; the camera's manual names it."],
  [
    /not-negotiated|not negotiated|does not support/i,
    'Choose a mode that the camera has: v4l2-ctl --list-formats-ext lists format, width, height, fps.',
  ],
  [
    /missing.*plug-?in|no decoder|suitable plugins/i,
    'Install a decoder: sudo apt install ffmpeg gstreamer1.0-libav',
  ],
  [/nvargus|argus/i, 'Restart the camera service: sudo systemctl restart nvargus-daemon'],
  [
    /refused|unreachable|timed? ?out|resolve|failed to connect|could not open resource for reading and writing/i,
    'Check that the camera is on and reachable by network.',
  ],
  [/invalid data|moov atom|typefind|could not determine type/i, 'The file is no readable clip.'],
];

const DEFAULT_REMEDY = 'Check cable and power of the camera; it is started again by itself.';

/**
 * The fault of a child that died.
 * @param how        "exit code 1" or "signal SIGKILL"
 * @param lastWords  the end of its standard error, without credentials
 */
export function childFailure(
  description: string,
  device: string,
  how: string,
  lastWords: string,
): DeviceError {
  const explanation = EXPLANATIONS.find(([pattern]) => pattern.test(lastWords));
  const said = lastWords === '' ? 'and said nothing' : `and said: ${lastWords}`;
  return new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `${description}: the camera program ended (${how}) ${said}`,
    remedy: explanation?.[1] ?? DEFAULT_REMEDY,
    device,
    transient: true,
  });
}
