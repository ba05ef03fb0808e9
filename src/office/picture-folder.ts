import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProtocolError } from '../domain/errors.ts';
import type { WallMs } from '../domain/units.ts';
import {
  type AnnouncedPicture,
  PICTURE_LASTS_MAX_MS,
  readAnnouncement,
} from '../messaging/documents/picture-document.ts';
import { recipientOf } from '../messaging/envelope/keys.ts';
import { openPicture } from '../messaging/envelope/picture-sealing.ts';
import type { PictureArchive } from '../messaging/seat/picture-follower.ts';
import type { SeatFile } from '../messaging/site/site-files.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import { writePrivately } from './private-file.ts';

/** digest.expiresAtMs.json */
const NAME = /^([A-Za-z0-9_-]{43})\.(\d{1,16})\.json$/;

/** 'not-here': no auditor of this folder has received it; 'no-key': it was sealed for other auditors. */
export type ShownPicture =
  | { readonly outcome: 'opened'; readonly jpeg: Uint8Array }
  | { readonly outcome: 'none' | 'expired' | 'not-here' | 'no-key' | 'damaged' };

/**
 * Pictures of events, sealed as they came, a file for each: opened to be shown and never written in the clear. When one
 * expires is in its name, so that nothing need be read for it to be deleted.
 */
export class PictureFolder implements PictureArchive {
  readonly #folder: string;
  readonly #archive: ArchiveFolder;
  /** What the archive said of each gate's pictures when it was so many bytes long. */
  readonly #read = new Map<
    string,
    { readonly bytes: number; readonly pictures: readonly AnnouncedPicture[] }
  >();

  constructor(folder: string, archive: ArchiveFolder) {
    this.#folder = folder;
    this.#archive = archive;
  }

  announced(gateId: string, digest: string): AnnouncedPicture | undefined {
    return this.#announcements(gateId).findLast((picture) => picture.digest === digest);
  }

  /** @throws PORTICO_SITE_FILE when it cannot be written: then no receipt is given */
  keep({ gateId, digest, expiresAtMs }: AnnouncedPicture, payload: string): void {
    const folder = join(this.#folder, gateId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writePrivately(join(folder, `${digest}.${expiresAtMs}.json`), payload);
  }

  /** @throws PORTICO_SITE_FILE when something that has expired cannot be deleted */
  expire(now: WallMs): void {
    if (!existsSync(this.#folder)) return;
    for (const gateId of readdirSync(this.#folder)) {
      const folder = join(this.#folder, gateId);
      for (const name of readdirSync(folder)) {
        if (isOver(name, now)) remove(join(folder, name));
      }
    }
  }

  /** What a gate's newest stream says of the picture of an event, or of the event that announced it. */
  of(gateId: string, number: number): AnnouncedPicture | undefined {
    return this.#announcements(gateId).findLast(
      (picture) => picture.of === number || picture.number === number,
    );
  }

  /** Opens a picture for whoever sits here. */
  async show(
    picture: AnnouncedPicture | undefined,
    { site, sealingKey }: SeatFile,
    now: WallMs,
  ): Promise<ShownPicture> {
    if (picture === undefined) return { outcome: 'none' };
    const { gateId, digest, expiresAtMs } = picture;
    if (expiresAtMs <= now) return { outcome: 'expired' };
    const path = join(this.#folder, gateId, `${digest}.${expiresAtMs}.json`);
    if (!existsSync(path)) return { outcome: 'not-here' };
    if (sealingKey === undefined) return { outcome: 'no-key' };
    const payload = readFileSync(path, 'utf8');
    const opened = await openPicture(
      payload,
      { site, gateId, digest },
      await recipientOf(sealingKey),
    );
    if (opened.outcome === 'opened') return opened;
    return { outcome: opened.reason === 'unknown-content-key' ? 'no-key' : 'damaged' };
  }

  #announcements(gateId: string): readonly AnnouncedPicture[] {
    const path = this.#archive.pathOf(gateId);
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const known = this.#read.get(gateId);
    if (known?.bytes === bytes) return known.pictures;
    const lines = bytes === 0 ? [] : this.#archive.linesWith(gateId, 'picture.taken');
    const pictures = lines.flatMap((line) => readAnnouncement(line) ?? []);
    this.#read.set(gateId, { bytes, pictures });
    return pictures;
  }
}

/** Also what was left half written, and what claims to be kept longer than anything may be. */
function isOver(name: string, now: WallMs): boolean {
  const [, , expiresAtMs] = NAME.exec(name) ?? [];
  if (expiresAtMs === undefined) return true;
  const remainingMs = Number(expiresAtMs) - now;
  return remainingMs <= 0 || remainingMs > PICTURE_LASTS_MAX_MS;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `${path} has expired and cannot be deleted`,
      remedy: 'Delete it by hand; check who owns the folder.',
      cause,
      context: { path },
    });
  }
}
