import { DeviceError, ProtocolError } from '../domain/errors.ts';
import { type FrameSize, frameBytes } from '../domain/frame.ts';
import type { FrameSink } from '../domain/ports/camera.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import { CardParts, type PartOutcome } from '../messaging/site/card-parts.ts';
import { type PassportCard, unpackCard } from '../messaging/site/passport-card.ts';
import { type QrSighting, readQr } from '../qr/read-qr.ts';
import type { Session } from './session.ts';
import { untilAborted } from './until-aborted.ts';

const LOOK_EVERY_MS = 50;
/** A code that takes less of the picture than this has modules of too few pixels. */
const NEAR_ENOUGH = 0.6;

/** @throws PORTICO_IMAGE_UNREADABLE, PORTICO_SITE_FILE when no whole code of a gate is in the picture */
export async function cardInPhoto(photo: Uint8Array): Promise<PassportCard> {
  const sighting = await readQr(await decodePhoto(photo));
  if (sighting.kind !== 'read') throw noCode(adviceOn(sighting));
  const outcome = new CardParts().take(sighting.bytes);
  if (outcome.kind === 'whole') return unpackCard(outcome.bytes);
  throw noCode(
    outcome.kind === 'taken'
      ? `it is one of ${outcome.count} codes: show them to the camera, or have one drawn with --qr-file`
      : adviceOn(sighting, outcome),
  );
}

/**
 * Watches the configured camera until it has seen a whole card, and says meanwhile what it lacks.
 * @throws DeviceError of the camera, PORTICO_SITE_FILE after `withinMs`
 */
export async function cardBeforeCamera(session: Session, withinMs: number): Promise<PassportCard> {
  const { composition, terminal, signal } = session;
  const { clock } = composition;
  const config = session.config();
  const camera = await composition.openCamera(config, session.logger(config));
  const frames = new NewestFrame(camera.size);
  const parts = new CardParts();
  const deadline = clock.now() + withinMs;
  let advice = '';
  try {
    await untilAborted(camera.open(frames), signal).catch((error: unknown) => {
      if (error instanceof DeviceError) terminal.note(BUSY);
      throw error;
    });
    while (clock.now() < deadline) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      const rgb = frames.take();
      if (rgb === undefined) continue;
      const sighting = await readQr({ ...camera.size, rgb });
      const outcome = sighting.kind === 'read' ? parts.take(sighting.bytes) : undefined;
      if (outcome?.kind === 'whole') return await unpackCard(outcome.bytes);
      const next = adviceOn(sighting, outcome);
      if (next !== advice && !terminal.interactive) terminal.note(next);
      advice = next;
      const share = outcome?.kind === 'taken' ? outcome.have / outcome.count : undefined;
      terminal.bar('the code', share, advice);
    }
  } finally {
    terminal.clearBar();
    await camera.close();
  }
  throw noCode(advice === '' ? 'the camera gave no picture' : advice);
}

const BUSY =
  'Where the gate runs, it has the camera: stop it meanwhile (sudo systemctl stop portico).';

function adviceOn(sighting: QrSighting, outcome?: PartOutcome): string {
  switch (sighting.kind) {
    case 'none':
      return 'no code in sight: hold it before the camera, whole, with its white margin';
    case 'unreadable':
      return sighting.share < NEAR_ENOUGH ? 'closer' : 'hold still, straight, without reflections';
    case 'read':
      break;
  }
  if (outcome?.kind === 'taken') return `${outcome.have} of ${outcome.count} codes read`;
  if (outcome?.kind === 'damaged') return 'the codes do not belong together: show them again';
  return 'this is a code of something else: show that of portico gate provision <id> --qr';
}

const noCode = (detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `no code of a gate was read: ${detail}`,
    remedy: 'Try again with more light and no reflections, or carry the file instead.',
  });

/** Keeps the newest complete frame until somebody looks at it. */
class NewestFrame implements FrameSink {
  readonly #writing: Uint8Array;
  readonly #newest: Uint8Array;
  #isNew = false;

  constructor(size: FrameSize) {
    this.#writing = new Uint8Array(frameBytes(size));
    this.#newest = new Uint8Array(frameBytes(size));
  }

  /** Valid until the caller gives way. @returns undefined when nothing has come since the last look */
  take(): Uint8Array | undefined {
    if (!this.#isNew) return undefined;
    this.#isNew = false;
    return this.#newest;
  }

  beginFrame(): Uint8Array {
    return this.#writing;
  }
  commitFrame(): void {
    this.#newest.set(this.#writing);
    this.#isNew = true;
  }
  onFault(): void {}
  onRecovery(): void {}
}
