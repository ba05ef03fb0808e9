import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { parseCameraSpec } from '../../../../device/camera/camera-spec.ts';
import { DeviceError } from '../../../../src/domain/errors.ts';

function refusal(text: string): DeviceError {
  try {
    parseCameraSpec(text);
  } catch (error) {
    assert.ok(error instanceof DeviceError);
    assert.equal(error.code, 'PORTICO_CAMERA_SPEC');
    return error;
  }
  return assert.fail(`${text} was accepted`);
}

const noCapture = { size: undefined, framesPerSecond: undefined };

describe('parseCameraSpec', () => {
  it('reads every kind of camera with its defaults', () => {
    assert.deepEqual(parseCameraSpec('v4l2:/dev/video0'), {
      driver: 'v4l2',
      device: '/dev/video0',
      format: 'yuyv',
      capture: noCapture,
      health: 'auto',
    });
    assert.deepEqual(parseCameraSpec('csi:1'), {
      driver: 'csi',
      sensor: 1,
      capture: noCapture,
      health: 'auto',
    });
    assert.deepEqual(parseCameraSpec('file:a b/clip.mp4'), {
      driver: 'file',
      path: 'a b/clip.mp4',
      loop: false,
      framesPerSecond: undefined,
      health: 'auto',
    });
    assert.deepEqual(parseCameraSpec('dir:frames/'), {
      driver: 'dir',
      path: 'frames/',
      loop: false,
      framesPerSecond: 10,
      health: 'auto',
    });
    assert.deepEqual(parseCameraSpec('test:'), {
      driver: 'test',
      pattern: 'ball',
      framesPerSecond: 30,
      health: 'auto',
    });
    assert.deepEqual(parseCameraSpec('libcamera:0'), {
      driver: 'libcamera',
      index: 0,
      framesPerSecond: 15,
      rotation: 0,
      health: 'auto',
    });
  });

  it('reads the options of a USB camera', () => {
    assert.deepEqual(
      parseCameraSpec(
        'v4l2:/dev/v4l/by-id/usb-Cam_1-index0?format=mjpeg&width=1280&height=720&fps=30&health=off',
      ),
      {
        driver: 'v4l2',
        device: '/dev/v4l/by-id/usb-Cam_1-index0',
        format: 'mjpeg',
        capture: { size: { widthPx: 1280, heightPx: 720 }, framesPerSecond: 30 },
        health: 'off',
      },
    );
  });

  it('keeps the credentials of a stream out of its address and out of every print', () => {
    const spec = parseCameraSpec('rtsp://door:p%40ss@10.0.0.5:8554/live?channel=1&subtype=1');
    assert.ok(spec.driver === 'rtsp');
    assert.equal(spec.url, 'rtsp://10.0.0.5:8554/live?channel=1&subtype=1');
    assert.deepEqual(spec.credentials?.reveal(), { user: 'door', password: 'p@ss' });
    for (const shown of [inspect(spec, { depth: 9, showHidden: true }), JSON.stringify(spec)]) {
      assert.doesNotMatch(shown, /p@ss|p%40ss/);
    }
    assert.equal(`${spec.credentials}`, '***');
  });

  it('takes credentials out of the words of another program', () => {
    const spec = parseCameraSpec('rtsp://door:p%40ss@cam/live');
    assert.ok(spec.driver === 'rtsp');
    assert.equal(
      spec.credentials?.redact('cannot open rtsp://door:p%40ss@cam/live with p@ss'),
      'cannot open rtsp://***@cam/live with ***',
    );
  });

  it('names the kinds of camera when the kind is unknown', () => {
    for (const text of ['', 'webcam:0', 'video0', 'http://cam/', 'V4L2:/dev/video0']) {
      assert.match(refusal(text).remedy, /v4l2:.*csi:.*rtsp:.*file:.*dir:.*test:.*libcamera:/);
    }
  });

  it('names the options when one is unknown, given twice or without a value', () => {
    assert.match(refusal('v4l2:/dev/video0?size=3').remedy, /format .*width .*height .*fps/);
    assert.match(refusal('test:?fps=3&fps=4').message, /twice/);
    assert.match(refusal('test:?fps').message, /name=value/);
  });

  it('names the range when a number is outside it', () => {
    assert.match(refusal('test:?fps=0').remedy, /1 to 120/);
    assert.match(refusal('test:?fps=1e1').remedy, /1 to 120/);
    assert.match(refusal('csi:16').remedy, /0 to 15/);
    assert.match(refusal('v4l2:/dev/video0?width=640').message, /belong together/);
    assert.match(refusal('v4l2:/dev/video0?format=h264').remedy, /yuyv or mjpeg/);
    assert.match(refusal('dir:x?loop=yes').remedy, /0 or 1/);
  });

  it('refuses devices and addresses that could mean something else to a program', () => {
    for (const text of [
      'v4l2:/dev/../etc/passwd',
      'v4l2:video0',
      'v4l2:/dev/video0 ! filesink location=x',
      'rtsp://',
      'rtsp:///path',
      'rtsp://cam/a b',
      "rtsp://cam/a'b",
      'rtsp://cam/a"b',
      'rtsp://u:%zz@cam/a',
      'file:',
      'file:a\nb',
      'test:0',
      'libcamera:x',
    ]) {
      refusal(text);
    }
  });

  it('never shows a password when it refuses an address', () => {
    const fault = refusal('rtsp://door:geheim@cam/a b');
    assert.doesNotMatch(`${fault.message} ${fault.remedy}`, /geheim/);
  });

  it('either refuses any text with its own fault, or understands it', () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.constantFrom('v4l2:', 'csi:', 'rtsp://', 'rtsps://', 'file:', 'dir:', 'test:', ''),
          fc.string(),
        ),
        ([scheme, rest]) => {
          try {
            parseCameraSpec(scheme + rest);
          } catch (error) {
            assert.ok(error instanceof DeviceError && error.code === 'PORTICO_CAMERA_SPEC');
          }
        },
      ),
    );
  });
});
