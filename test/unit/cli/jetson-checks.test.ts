import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type JetsonFacts, jetsonChecks } from '../../../src/cli/jetson-checks.ts';

const WELL: JetsonFacts = {
  release: '# R36 (release), REVISION: 5.0, GCID: 1, BOARD: generic, EABI: aarch64',
  powerMode: 'NV Power Mode: MAXN_SUPER\n0',
  hasArgus: true,
  camera: 'csi:0',
  relay: 'gpio:tegra234-gpio/PAC.06',
  providers: ['cuda', 'cpu'],
  hasOwnEngine: true,
};

/** What is not well, as `part: what to do`. */
const gaps = (changes: Partial<JetsonFacts>): readonly string[] =>
  jetsonChecks({ ...WELL, ...changes })
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ part }) => part);

describe('checks of a Jetson', () => {
  it('find nothing on a board that has everything', () => {
    assert.deepEqual(gaps({}), []);
    const [board] = jetsonChecks(WELL);
    assert.equal(board?.detail, 'Jetson Linux 36.5, JetPack 6');
  });

  it('name what is not JetPack 6', () => {
    assert.deepEqual(gaps({ release: '# R35 (release), REVISION: 4.1, GCID: 1' }), ['board']);
    assert.deepEqual(gaps({ release: 'something else' }), ['board']);
  });

  it('name a power mode below the highest, or one that may not be asked', () => {
    assert.deepEqual(gaps({ powerMode: 'NV Power Mode: 15W\n1' }), ['power mode']);
    assert.deepEqual(gaps({ powerMode: undefined }), ['power mode']);
  });

  it('name an engine that cannot use the GPU, and one that is not told to', () => {
    assert.deepEqual(gaps({ hasOwnEngine: false }), ['accelerator']);
    assert.deepEqual(gaps({ providers: ['cpu'] }), ['accelerator']);
  });

  it('name what a ribbon camera lacks, where one is configured', () => {
    assert.deepEqual(gaps({ hasArgus: false }), ['ribbon camera']);
    assert.deepEqual(gaps({ hasArgus: false, camera: 'v4l2:/dev/video0' }), []);
  });

  it('warn of pins that rise when they are let go, where one moves the strike', () => {
    const release = '# R36 (release), REVISION: 4.3, GCID: 1';
    assert.deepEqual(gaps({ release }), ['GPIO pads']);
    assert.deepEqual(gaps({ release, relay: 'modbus:/dev/ttyUSB0?unit=1&channel=0' }), []);
  });
});
