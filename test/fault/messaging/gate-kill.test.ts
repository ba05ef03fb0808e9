import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import type { StateDocument } from '../../../src/messaging/documents/state-document.ts';
import { RosterBook } from '../../../src/messaging/seat/roster-book.ts';
import { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import type { SeatFile } from '../../../src/messaging/site/site-files.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { MemoryArchive, makeSite, person } from '../../helpers/site-fixture.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { until } from '../../helpers/until.ts';

/** Raise for a long search: GATE_KILL_ROUNDS=500. */
const ROUNDS = Number(process.env['GATE_KILL_ROUNDS'] ?? '8');
const random = seededRandom(Number(process.env['GATE_KILL_SEED'] ?? '1'));
const folder = scratchFolder();
const logger = new RecordingLogger();
const program = fileURLToPath(new URL('./gate-process.js', import.meta.url));

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

describe('a gate that is killed at random', { skip: mosquittoMissing }, () => {
  it('ends with the roster of the model and loses no event', async (context) => {
    const broker = await Mosquitto.start('harbour');
    const site = await makeSite(clock, { addressFor: (name) => broker.addressFor(name) });
    const passportPath = join(folder, 'passport.json');
    const storePath = join(folder, 'killed.db');
    writeFileSync(passportPath, JSON.stringify(site.passports[0]));
    let state: StateDocument | undefined;
    const openDesk = async (seat: SeatFile): Promise<SiteDesk> => {
      const desk = await SiteDesk.open({
        seat,
        book: new RosterBook(),
        clock,
        logger,
        openLink: mqttLinks({ broker: seat.broker, clock, logger, random }),
        listener: {
          onState: (document) => {
            state = document;
          },
        },
      });
      await until('the desk is connected', () => desk.isConnected);
      return desk;
    };
    const desk = await openDesk(site.administrator);
    const auditor = await openDesk(site.auditor);
    await desk.publishKeys(site.file);
    const archive = new MemoryArchive();
    await auditor.followEvents(archive, { onEvent: () => undefined });
    const model = new Map<string, string>();
    const change = async (): Promise<void> => {
      const identityId = `p-${Math.floor(random() * 12)}`;
      if (model.has(identityId) && random() < 0.4) {
        await desk.publishTombstone(identityId);
        model.delete(identityId);
      } else {
        const seed = Math.floor(random() * 1e6);
        await desk.publishRecord(person(identityId, seed));
        model.set(identityId, `${identityId}.${seed}`);
      }
    };

    const startGate = (eventsEveryMs: number): ChildProcess =>
      spawn(process.execPath, [program, passportPath, storePath, String(eventsEveryMs)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    for (let round = 0; round < ROUNDS; round += 1) {
      const gate = startGate(5);
      // Now and then while it is still opening its store.
      if (random() < 0.8) await once(gate.stdout!, 'data');
      for (let count = 0; count < 5; count += 1) await change();
      await desk.publishHead();
      await delay(random() * 500);
      await ended(gate, 'SIGKILL');
    }
    const gate = startGate(0);
    const epoch = desk.book.head?.epoch;
    await until(
      'the gate is current and its events are safe',
      () =>
        state?.roster.epoch === epoch &&
        state?.roster.standing === 'current' &&
        state?.events.last === archive.numbersOf('gate-1').at(-1),
      60_000,
    );
    await ended(gate, 'SIGTERM');

    const store = openTestStore(storePath, { clock });
    const held = store
      .identities()
      .map(({ identityId }) => store.templatesOf(identityId)[0]?.templateId);
    assert.deepEqual(held.sort(), [...model.values()].sort());
    const { last } = store.outboxRange();
    assert.ok(last > ROUNDS, 'events happened between the kills');
    assert.deepEqual(
      archive.numbersOf('gate-1'),
      Array.from({ length: last }, (_, index) => index + 1),
    );
    context.diagnostic(`${ROUNDS} kills, ${model.size} people, ${last} events`);
    store.close();
    await Promise.all([desk.close(), auditor.close()]);
    await broker.dispose();
  });
});
