import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Composition } from '../../../src/cli/composition.ts';
import { GateModels } from '../../../src/cli/gate-models.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { type ErrorCode, ModelError } from '../../../src/domain/errors.ts';
import type { GateEvent } from '../../../src/domain/events.ts';
import type { ModelSet, ModelSets } from '../../../src/inference/model-sets.ts';
import type { Gate } from '../../../src/runtime/gate.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const SET: ModelSet = { name: '0123456789abcdef', directory: '/none' };

/** Models of a gate whose start went as `start` says, with everything that it does noted. */
class Stand {
  readonly clock = new FakeClock();
  readonly did: string[] = [];
  readonly events: GateEvent[] = [];
  faults: ErrorCode[] = [];
  isProved = true;
  areMissing = false;
  readonly models: GateModels;
  #trialBy: string | undefined;

  constructor(start: ReturnType<ModelSets['noteStart']>) {
    if (start === 'on-trial') this.#trialBy = 'key-1';
    this.models = new GateModels({
      session: {
        composition: {
          clock: this.clock,
          modelSets: () => this.#sets(start),
          prepareModels: () => this.#prepare(),
        } as unknown as Composition,
        terminal: { clearBar: () => undefined } as unknown as Terminal,
        signal: new AbortController().signal,
        configFile: undefined,
        environment: {},
      },
      config: loadConfig({ environment: {} }),
      logger: new RecordingLogger(),
      restart: () => this.did.push('restart'),
      prove: () => {
        this.did.push('prove');
        return Promise.resolve(this.isProved);
      },
    });
  }

  async start(): Promise<void> {
    await this.models.ready();
    const gate = {
      faults: { codes: () => this.faults },
      report: (event: GateEvent) => this.events.push(event),
    };
    this.models.follow(gate as unknown as Gate);
  }

  #prepare(): Promise<readonly []> {
    if (!this.areMissing) return Promise.resolve([]);
    return Promise.reject(
      new ModelError('PORTICO_MODEL_DOWNLOAD', { message: 'no network', remedy: 'none' }),
    );
  }

  #sets(start: ReturnType<ModelSets['noteStart']>): ModelSets {
    return {
      noteStart: () => start,
      name: SET.name,
      trialBy: this.#trialBy,
      build: () => SET,
      confirm: () => this.did.push('confirm'),
      takeBack: () => this.did.push('take back'),
    } as unknown as ModelSets;
  }
}

describe('models of a gate', () => {
  it('are adopted after a minute without a fault, and said to be', async () => {
    const stand = new Stand('on-trial');
    await stand.start();
    await stand.clock.advance(59_000);
    assert.deepEqual(stand.did, []);
    await stand.clock.advance(1_000);
    assert.deepEqual(stand.did, ['confirm']);
    assert.deepEqual(stand.events, [
      { type: 'models.changed', change: 'adopted', set: SET.name, by: 'key-1' },
    ]);
  });

  for (const code of ['PORTICO_MODEL_RUN', 'PORTICO_VISION_FAILED'] as const) {
    it(`are taken back for ${code} within that minute, and the gate starts anew`, async () => {
      const stand = new Stand('on-trial');
      await stand.start();
      stand.faults = [code];
      await stand.clock.advance(60_000);
      assert.deepEqual(stand.did, ['take back', 'restart']);
      assert.deepEqual(stand.events, [{ type: 'models.changed', change: 'taken-back' }]);
    });
  }

  it('are taken back at once when the gate cannot even open them', async () => {
    const stand = new Stand('on-trial');
    stand.faults = ['PORTICO_MODEL_SHAPE'];
    await stand.start();
    assert.deepEqual(stand.did, ['take back', 'restart']);
  });

  it('are not blamed for what others have done', async () => {
    const stand = new Stand('on-trial');
    stand.faults = ['PORTICO_CAMERA_STALLED', 'PORTICO_TOO_HOT'];
    await stand.start();
    await stand.clock.advance(60_000);
    assert.deepEqual(stand.did, ['confirm']);
  });

  it('are left alone when nothing is on trial, and their return is told', async () => {
    const settled = new Stand('settled');
    await settled.start();
    await settled.clock.advance(600_000);
    assert.deepEqual([settled.did, settled.events], [[], []]);
    const back = new Stand('taken-back');
    await back.start();
    assert.deepEqual(back.events, [{ type: 'models.changed', change: 'taken-back' }]);
  });

  it('do not keep the gate from starting when they cannot be had', async () => {
    const stand = new Stand('settled');
    stand.areMissing = true;
    await stand.start();
    assert.deepEqual(stand.did, []);
  });

  it('are replaced by order after they have proved themselves, by a new start', async () => {
    const stand = new Stand('settled');
    await stand.start();
    assert.deepEqual(stand.models.adopt([], 'key-2'), { outcome: 'done' });
    assert.equal(stand.models.adopt([], 'key-2').outcome, 'refused');
    await stand.clock.advance(0);
    assert.deepEqual(stand.did, ['prove', 'restart']);
  });

  it('stay when others do not prove themselves, and that is told', async () => {
    const stand = new Stand('settled');
    stand.isProved = false;
    await stand.start();
    stand.models.adopt([], 'key-2');
    await stand.clock.advance(0);
    assert.deepEqual(stand.did, ['prove']);
    assert.deepEqual(stand.events, [{ type: 'models.changed', change: 'refused', by: 'key-2' }]);
  });

  it('are not replaced while others are on trial', async () => {
    const stand = new Stand('on-trial');
    await stand.start();
    assert.equal(stand.models.adopt([], 'key-2').outcome, 'refused');
  });
});
