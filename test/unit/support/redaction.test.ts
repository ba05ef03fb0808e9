import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configKeys } from '../../../src/config/describe-config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { kernelLines } from '../../../src/support/kernel-lines.ts';
import { plainText } from '../../../src/support/plain-text.ts';
import { redactConfig } from '../../../src/support/redact-config.ts';
import { redactLogLine } from '../../../src/support/redact-log.ts';
import { StruckWords } from '../../../src/support/struck-words.ts';

const people = new StruckWords([
  { identityId: 'ada-l', name: 'Ada Lovelace' },
  { identityId: 'x7', name: '王芳' },
  { identityId: 'al', name: 'Al An' },
]);

describe('struck words', () => {
  it('takes out ids and names, whole and in parts, however long ones are written', () => {
    for (const text of ['ada-l', 'Ada', 'lovelace', 'LOVELACE', '王芳', 'x7', 'Al']) {
      assert.equal(people.text(`seen: ${text}!`), 'seen: [redacted]!', text);
    }
    assert.equal(people.text('/srv/Lovelace.jpg'), '/srv/[redacted].jpg');
  });

  it('leaves words that only contain a name, and short words of the language', () => {
    assert.equal(people.text('an adapter, already all right'), 'an adapter, already all right');
  });

  it('looks into every string of a value', () => {
    assert.deepEqual(people.value({ a: ['x7', 7, null, { b: 'Ada' }] }), {
      a: ['[redacted]', 7, null, { b: '[redacted]' }],
    });
  });
});

describe('plain text', () => {
  it('keeps what happened and takes out who and where', () => {
    assert.equal(
      plainText('no "Ada" at rtsp://user:pass@cam.example/a in /home/ada/x for ada@example.org'),
      'no "[redacted]" at rtsp://[redacted] in ~/x for [redacted]',
    );
  });
});

describe('redacted configuration', () => {
  const redacted = (changes: Readonly<Record<string, unknown>>): string => {
    const config = loadConfig({
      environment: { XDG_DATA_HOME: '/home/ada/data', XDG_CACHE_HOME: '/home/ada/cache' },
      overrides: changes,
    });
    return JSON.stringify(redactConfig(config));
  };

  it('keeps numbers, switches, words of ours and devices', () => {
    const text = redacted({ door: { relay: 'modbus:/dev/ttyUSB0?unit=1&channel=0' } });
    for (const kept of ['"pulseMs":3000', '"timeZone":"UTC"', 'modbus:/dev/ttyUSB0?unit=1']) {
      assert.ok(text.includes(kept), kept);
    }
  });

  it('lets nothing out that somebody wrote', () => {
    const text = redacted({
      gate: { name: 'SECRET', siteName: 'SECRET' },
      camera: { source: 'rtsp://SECRET:SECRET@SECRET/stream' },
      policy: {
        liveness: { waivedBecause: 'SECRET said so himself' },
        schedules: { SECRET: { week: { mon: [{ from: '07:00', to: '19:00' }] } } },
        defaultSchedule: 'SECRET',
      },
      art: { style: 'SECRET', styles: '/srv/SECRET', gallery: '/home/SECRET' },
      models: { directory: '/home/SECRET/models' },
      inference: { engineModule: '/srv/SECRET' },
    });
    assert.doesNotMatch(text, /SECRET|ada/);
    assert.match(text, /"from":"07:00"/);
    assert.match(text, /"source":"rtsp:\[redacted\]"/);
  });

  it('keeps no text of a key that nobody has thought about', () => {
    const keys = configKeys().map(({ key }) => key);
    assert.ok(keys.includes('gate.siteName'));
    assert.deepEqual(redactConfig({ later: { secret: 'word', port: 1 } }), {
      later: { secret: '[redacted]', port: 1 },
    });
  });
});

describe('redacted log line', () => {
  const line = (record: unknown): unknown =>
    JSON.parse(redactLogLine(JSON.stringify(record), people));

  it('keeps events, codes and numbers, and nothing that was not chosen', () => {
    assert.deepEqual(
      line({
        level: 50,
        time: 1,
        event: 'camera.fault',
        code: 'PORTICO_CAMERA_STALLED',
        detail: 'v4l2 /dev/video0 stalled before Ada',
        identityId: 'ada-l',
        embedding: [0.1, 0.2],
        nested: { name: 'Ada' },
        picture: 'AAAA',
        msg: 'the camera failed',
      }),
      {
        level: 50,
        time: 1,
        event: 'camera.fault',
        code: 'PORTICO_CAMERA_STALLED',
        detail: 'v4l2 /dev/video0 stalled before [redacted]',
        msg: 'the camera failed',
      },
    );
  });

  it('keeps no sentence where nobody knows who is enrolled', () => {
    const text = redactLogLine('{"event":"fault.raised","msg":"Ada","detail":"Ada"}', undefined);
    assert.equal(text, '{"event":"fault.raised"}');
  });

  it('keeps of foreign lines the code and the place in the program', () => {
    assert.equal(
      redactLogLine('    at open (file:///home/ada/dist/src/store.js:12:5)', people),
      '  at store.js:12:5',
    );
    assert.equal(
      redactLogLine('Ada is here: PORTICO_STORE_KEY', people),
      '[a line of 30 characters: PORTICO_STORE_KEY]',
    );
    assert.equal(redactLogLine('welcome, Ada', people), '[a line of 12 characters]');
  });
});

describe('kernel lines', () => {
  it('are those about our devices, without serial numbers', () => {
    const log = [
      '[1.0] usb 1-2: new high-speed USB device number 3',
      '[1.1] usb 1-2: SerialNumber: 4711',
      '[1.2] uvcvideo 1-2:1.0: Failed to query (GET_CUR)',
      '[1.3] bluetooth: hci0 up',
      '[1.4] gpio gpiochip0: 00:1a:2b:3c:4d:5e',
    ].join('\n');
    const lines = kernelLines(log);
    assert.deepEqual(
      lines.map((text) => text.slice(0, 5)),
      ['[1.0]', '[1.2]', '[1.4]'],
    );
    assert.ok(lines.every((text) => !text.includes('1a:2b')));
  });
});
