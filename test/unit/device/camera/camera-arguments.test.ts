import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type CameraSpec, parseCameraSpec } from '../../../../device/camera/camera-spec.ts';
import {
  clipArguments,
  rtspArguments,
  rtspPlaylist,
} from '../../../../device/camera/ffmpeg-arguments.ts';
import {
  clipPipeline,
  csiPipeline,
  fitWithin,
  rtspPipeline,
  testPipeline,
  v4l2Pipeline,
} from '../../../../device/camera/gstreamer-pipelines.ts';

const SIZE = { widthPx: 640, heightPx: 480 };

/** The specification, narrowed to one driver. */
function specOf<Driver extends CameraSpec['driver']>(
  text: string,
  driver: Driver,
): Extract<CameraSpec, { driver: Driver }> {
  const spec = parseCameraSpec(text);
  assert.equal(spec.driver, driver);
  return spec as Extract<CameraSpec, { driver: Driver }>;
}

const TAIL =
  ' ! videoscale add-borders=true ! videoconvert' +
  ' ! video/x-raw,format=RGB,width=640,height=480,pixel-aspect-ratio=1/1' +
  ' ! queue max-size-buffers=1 max-size-bytes=0 max-size-time=0 leaky=downstream' +
  ' ! fdsink fd=3 sync=false';

describe('GStreamer pipelines', () => {
  it('asks a USB camera for raw frames of the size of the gate', () => {
    assert.equal(
      v4l2Pipeline(specOf('v4l2:/dev/video2', 'v4l2'), SIZE).join(' '),
      `-q v4l2src device=/dev/video2 ! video/x-raw,format=YUY2,width=640,height=480${TAIL}`,
    );
  });

  it('decodes motion JPEG in the stated mode', () => {
    const text = 'v4l2:/dev/video0?format=mjpeg&width=1280&height=720&fps=30';
    assert.equal(
      v4l2Pipeline(specOf(text, 'v4l2'), SIZE).join(' '),
      `-q v4l2src device=/dev/video0 ! image/jpeg,width=1280,height=720,framerate=30/1 ! jpegdec${TAIL}`,
    );
  });

  it('scales a CSI sensor in hardware to its own aspect, then adds borders', () => {
    assert.equal(
      csiPipeline(specOf('csi:1', 'csi'), SIZE).join(' '),
      '-q nvarguscamerasrc sensor-id=1' +
        ' ! video/x-raw(memory:NVMM),format=NV12,width=1280,height=720,framerate=30/1' +
        ` ! nvvidconv ! video/x-raw,format=BGRx,width=640,height=360${TAIL}`,
    );
  });

  it('takes the picture of a network camera over TCP, login quoted', () => {
    assert.equal(
      rtspPipeline(specOf('rtsp://u:a%22b%5Cc@cam/live', 'rtsp'), SIZE).join(' '),
      '-q rtspsrc location="rtsp://cam/live" user-id="u" user-pw="a\\"b\\\\c"' +
        ' protocols=tcp latency=100 drop-on-latency=true' +
        ` ! application/x-rtp,media=video ! decodebin${TAIL}`,
    );
  });

  it('keeps real time ahead of the leaky queue when it plays a clip', () => {
    assert.equal(
      clipPipeline(specOf('file:x.mp4?fps=10', 'file'), SIZE).join(' '),
      '-q fdsrc fd=4 ! decodebin ! videorate ! video/x-raw,framerate=10/1' +
        ` ! identity sync=true${TAIL}`,
    );
  });

  it('never puts the path of a clip among the arguments', () => {
    const pipeline = clipPipeline(specOf('file:a" ! filesink location=b', 'file'), SIZE);
    assert.doesNotMatch(pipeline.join(' '), /filesink/);
  });

  it('makes a test pattern at a stated rate', () => {
    assert.equal(
      testPipeline(specOf('test:?fps=25&pattern=snow', 'test'), SIZE).join(' '),
      '-q videotestsrc is-live=true pattern=snow' +
        ` ! video/x-raw,width=640,height=480,framerate=25/1${TAIL}`,
    );
  });
});

describe('ffmpeg arguments', () => {
  it('plays a clip in real time, bordered to the exact size', () => {
    assert.deepEqual(clipArguments(specOf('file:-x.mp4?loop=1&fps=5', 'file'), SIZE), [
      ...['-hide_banner', '-loglevel', 'warning', '-nostdin', '-re', '-stream_loop', '-1'],
      ...['-i', 'file:-x.mp4', '-map', '0:v:0', '-vf'],
      'fps=5,scale=640:480:force_original_aspect_ratio=decrease,' +
        'pad=640:480:(ow-iw)/2:(oh-ih)/2,setsar=1',
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:3'],
    ]);
  });

  it('keeps the address of a network camera out of the arguments', () => {
    const spec = specOf('rtsp://door:it%27s@cam/live', 'rtsp');
    assert.doesNotMatch(rtspArguments(SIZE).join(' '), /cam\b|door|it's|it%27s|live/);
    assert.match(rtspPlaylist(spec), /^file 'rtsp:\/\/door:it%27s@cam\/live'$/m);
  });

  it('writes a play list in which no credentials can end the quoted address', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (user, password) => {
        const login = [user, password].map(encodeURIComponent).join(':').replaceAll("'", '%27');
        const spec = specOf(`rtsp://${login}@cam/live`, 'rtsp');
        const lines = rtspPlaylist(spec).split('\n');
        assert.equal(lines.length, 5);
        assert.match(lines[1] ?? '', /^file '[^'\s]+'$/);
      }),
    );
  });
});

describe('fitWithin', () => {
  it('keeps the aspect within two pixels and never exceeds the target', () => {
    const sides = fc.integer({ min: 64, max: 4096 });
    fc.assert(
      fc.property(sides, sides, sides, sides, (a, b, c, d) => {
        const target = { widthPx: c - (c % 2), heightPx: d - (d % 2) };
        const fitted = fitWithin({ widthPx: a, heightPx: b }, target);
        assert.ok(fitted.widthPx <= target.widthPx && fitted.heightPx <= target.heightPx);
        assert.ok(fitted.widthPx % 2 === 0 && fitted.heightPx % 2 === 0);
        const scale = Math.min(target.widthPx / a, target.heightPx / b);
        assert.ok(Math.abs(fitted.widthPx - a * scale) <= 2);
        assert.ok(Math.abs(fitted.heightPx - b * scale) <= 2);
      }),
    );
  });
});
