import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { type Console, startConsole } from '../../src/console/console.ts';
import type { PhotoReader, PhotoReading } from '../../src/console/console-ports.ts';
import type { Similarity } from '../../src/domain/units.ts';
import type { Store } from '../../src/gallery/store.ts';
import { mqttLinks } from '../../src/messaging/broker/mqtt-link.ts';
import type { CommandResult, Order } from '../../src/messaging/documents/command-document.ts';
import type { GateReport } from '../../src/messaging/documents/state-document.ts';
import { SiteLink } from '../../src/messaging/gate/site-link.ts';
import type { BrokerAddress } from '../../src/messaging/site/site-files.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { openSiteDesk } from '../../src/office/open-site-desk.ts';
import type { SiteFolder } from '../../src/office/site-folder.ts';
import { foundOffice, provisionGateOf } from '../../src/office/site-founder.ts';
import { encodeVector } from '../../src/roster/roster-documents.ts';
import { DRAWN_FACE, DRAWN_SIZE, drawnVisitor } from './drawn-visitor.ts';
import { Mosquitto } from './mosquitto.ts';
import { RecordingLogger } from './recording-logger.ts';
import { ENCODER, QUIET_REPORT } from './site-fixture.ts';
import { openTestStore } from './store-bench.ts';
import { unitVector } from './store-data.ts';
import { until } from './until.ts';

/** A picture file of the face number so-and-so, as the stage's reader of photographs understands it. */
export const facePhoto = (face: number): Buffer => Buffer.from(JSON.stringify({ face }));
export const poorPhoto = (reason: string): Buffer => Buffer.from(JSON.stringify({ reason }));
/** Whoever sits before the webcam, which makes real pictures. */
export const WEBCAM_FACE = 900;
/** Whoever stands before the gates. */
export const GATE_FACE = 901;

const sampleOf = (face: number) => ({
  modelId: ENCODER.modelId,
  embedding: unitVector(face, ENCODER.dimension),
});

/** Reads what a test wrote for it, and gives every face the drawn visitor's picture. */
class ScriptedPhotos implements PhotoReader {
  readonly #crop: Uint8Array;

  constructor(crop: Uint8Array) {
    this.#crop = crop;
  }

  async read(photo: Uint8Array): Promise<PhotoReading> {
    const text = Buffer.from(photo).toString('latin1');
    const script = text.startsWith('{') ? JSON.parse(text) : { face: WEBCAM_FACE };
    return script.reason === undefined
      ? { outcome: 'usable', samples: [sampleOf(script.face)], crop: this.#crop }
      : { outcome: 'refused', reason: script.reason };
  }
}

/** A gate that does what it is told and says so, with a real store. */
export class StagedGate {
  readonly gateId: string;
  readonly store: Store;
  readonly orders: Order[] = [];
  #report: GateReport = { ...QUIET_REPORT, version: '0.1.0', uptimeSeconds: 93_600 };
  #link: SiteLink | undefined;

  constructor(gateId: string, store: Store) {
    this.gateId = gateId;
    this.store = store;
  }

  async join(options: Parameters<typeof SiteLink.start>[0]): Promise<void> {
    this.#link = await SiteLink.start({
      ...options,
      handler: { handle: (order) => Promise.resolve(this.#obey(order)) },
      report: () => this.#report,
      keepPicturesForMs: 72 * 3_600_000,
    });
  }

  get isConnected(): boolean {
    return this.#link?.isConnected ?? false;
  }

  report(change: Partial<GateReport>): void {
    this.#report = { ...this.#report, ...change };
    this.#link?.noteState();
  }

  /** @returns the event's number */
  happens(event: Parameters<Store['append']>[0]): number {
    const { number } = this.store.append(event);
    this.#link?.noteEvent();
    return number;
  }

  /** Sends the auditors a picture of somebody who could not be. */
  async pictures(of: number, jpeg: Uint8Array): Promise<void> {
    assert.equal(await this.#link?.pictures.keep(of, jpeg), 'kept');
  }

  async leave(): Promise<void> {
    await this.#link?.close();
    this.#link = undefined;
  }

  async close(): Promise<void> {
    await this.leave();
    this.store.close();
  }

  #obey(order: Order): CommandResult {
    this.orders.push(order);
    if (order.name === 'lock-down') {
      this.report({ door: 'locked-down' });
      this.happens({ type: 'door.locked-down' });
    }
    if (order.name === 'release') {
      this.report({ door: 'locked' });
      this.happens({ type: 'door.lock-down-released' });
    }
    if (order.name === 'pulse' && this.#report.faults.length > 0) {
      return { outcome: 'refused', reason: 'fault', text: 'the gate has a fault' };
    }
    if (order.name !== 'capture-enrolment') return { outcome: 'done' };
    const { modelId, embedding } = sampleOf(GATE_FACE);
    return { outcome: 'done', samples: [{ modelId, embedding: encodeVector(embedding) }] };
  }
}

/** A site on a mosquitto of its own, with gates, and the console of its founder. */
export class ConsoleStage {
  readonly folder: SiteFolder;
  readonly broker: Mosquitto;
  readonly gates: ReadonlyMap<string, StagedGate>;
  /** What a browser's camera sees, as a file of moving JPEG. */
  readonly webcamPath: string;
  readonly #scratch: string;
  readonly #crop: Uint8Array;

  private constructor(parts: {
    readonly folder: SiteFolder;
    readonly broker: Mosquitto;
    readonly gates: ReadonlyMap<string, StagedGate>;
    readonly scratch: string;
    readonly crop: Uint8Array;
  }) {
    this.folder = parts.folder;
    this.broker = parts.broker;
    this.gates = parts.gates;
    this.#scratch = parts.scratch;
    this.webcamPath = join(parts.scratch, 'webcam.mjpeg');
    this.#crop = parts.crop;
  }

  static async open(gateIds: readonly string[]): Promise<ConsoleStage> {
    const scratch = mkdtempSync(join(tmpdir(), 'portico-console-'));
    const broker = await Mosquitto.start('harbour');
    const address = broker.addressFor('administrator');
    const tls = address.tls!;
    const now = clock.wall();
    const folder = await foundOffice({
      path: join(scratch, 'harbour'),
      site: 'harbour',
      url: address.url,
      now,
      ownTls: { authority: tls.authority, credential: tls },
      brokerFiles: { configuration: '', accessList: '' },
    });
    const gates = new Map<string, StagedGate>();
    for (const gateId of gateIds) {
      const credential = broker.addressFor(gateId).tls!;
      const passport = await provisionGateOf(folder, { gateId, now, headEpoch: 0, credential });
      const store = openTestStore(join(scratch, `${gateId}.db`), { clock });
      const gate = new StagedGate(gateId, store);
      gates.set(gateId, gate);
      await gate.join({
        passport,
        store,
        encoders: [ENCODER],
        clock,
        logger: new RecordingLogger(),
        openLink: linksTo(passport.broker),
        handler: { handle: () => Promise.resolve({ outcome: 'done' }) },
        report: () => QUIET_REPORT,
      });
    }
    const desk = await openSiteDesk(folder, { clock, logger: new RecordingLogger() });
    await desk.publishKeys(folder.readRoot());
    await desk.publishHead();
    await desk.close();
    await until('every gate is connected', () =>
      [...gates.values()].every((gate) => gate.isConnected),
    );
    const stage = new ConsoleStage({ folder, broker, gates, scratch, crop: await drawnCrop() });
    writeFileSync(stage.webcamPath, await (await drawnPicture()).jpeg().toBuffer());
    return stage;
  }

  /** A face as a gate would cut it out. */
  get portrait(): Uint8Array {
    return this.#crop;
  }

  gate(gateId: string): StagedGate {
    return this.gates.get(gateId)!;
  }

  startConsole(): Promise<Console> {
    return startConsole({
      host: '127.0.0.1',
      port: 0,
      folder: this.folder,
      photos: new ScriptedPhotos(this.#crop),
      judge: {
        modelId: ENCODER.modelId,
        duplicate: 0.6 as Similarity,
        samePerson: 0.4 as Similarity,
      },
      clock,
      logger: new RecordingLogger(),
    });
  }

  async close(): Promise<void> {
    for (const gate of this.gates.values()) await gate.close();
    this.folder.close();
    await this.broker.dispose();
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

const linksTo = (broker: BrokerAddress) =>
  mqttLinks({ broker, clock, logger: new RecordingLogger(), random: seededRandom(1) });

async function drawnPicture(): Promise<Sharp> {
  const { widthPx, heightPx } = DRAWN_SIZE;
  return sharp(await drawnVisitor(), { raw: { width: widthPx, height: heightPx, channels: 3 } });
}

/** The drawn visitor's face, as an aligned face would be framed. */
async function drawnCrop(): Promise<Uint8Array> {
  const { widthPx, heightPx } = DRAWN_SIZE;
  const side = Math.round(DRAWN_FACE.height * heightPx);
  const middle = (DRAWN_FACE.x + DRAWN_FACE.width / 2) * widthPx;
  return (await drawnPicture())
    .extract({
      left: Math.round(middle - side / 2),
      top: Math.round(DRAWN_FACE.y * heightPx),
      width: side,
      height: side,
    })
    .resize(224, 224)
    .jpeg({ quality: 85 })
    .toBuffer();
}
