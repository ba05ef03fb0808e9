import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProtocolError } from '../domain/errors.ts';
import { bookLine, RosterBook } from '../messaging/seat/roster-book.ts';
import { openSeatKeys } from '../messaging/seat/seat-keys.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import {
  parseSeatFile,
  parseSiteFile,
  type SeatFile,
  type SiteFile,
} from '../messaging/site/site-files.ts';
import { ArchiveFolder } from './archive-folder.ts';
import { LineFile } from './line-file.ts';
import { PictureFolder } from './picture-folder.ts';
import { readSiteText, writePrivately } from './private-file.ts';
import type { Credential } from './tls/certificates.ts';
import { IssuedCertificates } from './tls/issued-certificates.ts';

const ROOT_FILE = 'site.json';
const SEAT_FILE = 'seat.json';
const AUTHORITY_CERTIFICATE = 'authority.crt';
const AUTHORITY_KEY = 'authority.key';
const BOOK_FILE = 'book.jsonl';
const ARCHIVE_FOLDER = 'archive';
const PICTURE_FOLDER = 'pictures';
const ISSUED_FILE = 'issued.jsonl';
const BROKER_FOLDER = 'broker';
const OWNER_ONLY = 0o700;

/**
 * The folder of one administrator or auditor: the seat with its keys, the copy of the roster, the
 * archive of events with their sealed pictures and, with whoever founded the site, the root key. All of it is for its owner alone.
 */
export class SiteFolder {
  readonly path: string;
  readonly #bookFile: LineFile;
  readonly archive: ArchiveFolder;
  readonly pictures: PictureFolder;
  readonly issued: IssuedCertificates;
  #seat: SeatFile;

  private constructor(path: string, seat: SeatFile) {
    this.path = path;
    this.#seat = seat;
    this.#bookFile = new LineFile(join(path, BOOK_FILE));
    this.issued = new IssuedCertificates(join(path, ISSUED_FILE));
    this.archive = new ArchiveFolder(join(path, ARCHIVE_FOLDER));
    this.pictures = new PictureFolder(join(path, PICTURE_FOLDER), this.archive);
  }

  /**
   * A new folder, made for this seat.
   * @throws PORTICO_SITE_FILE when the folder holds something already, or cannot be made
   */
  static create(path: string, seat: SeatFile): SiteFolder {
    const absolute = resolve(path);
    if (existsSync(absolute) && readdirSync(absolute).length > 0) throw occupied(absolute);
    mkdirSync(absolute, { recursive: true, mode: OWNER_ONLY });
    chmodSync(absolute, OWNER_ONLY);
    const folder = new SiteFolder(absolute, seat);
    folder.saveSeat(seat);
    return folder;
  }

  /** @throws PORTICO_SITE_FILE when there is no seat in it */
  static open(path: string): SiteFolder {
    const absolute = resolve(path);
    const remedy =
      'Name the folder that `portico site init` or `portico site join` made (--site, PORTICO_SITE).';
    return new SiteFolder(absolute, parseSeatFile(readSiteText(join(absolute, SEAT_FILE), remedy)));
  }

  get seat(): SeatFile {
    return this.#seat;
  }

  /** Keeps a newer trust list, so that what was revoked stays so without the broker. @throws PORTICO_SITE_FILE */
  async noteTrustList({ epoch, text }: ReturnType<SiteDesk['trustList']>): Promise<void> {
    const { trust } = await openSeatKeys(this.#seat);
    if (epoch > trust.epoch) this.saveSeat({ ...this.#seat, trustList: text });
  }

  /** What is made here for the broker, to be copied to it. */
  get brokerPath(): string {
    return join(this.path, BROKER_FOLDER);
  }

  get rootPath(): string {
    return join(this.path, ROOT_FILE);
  }

  /** @throws PORTICO_SITE_FILE */
  saveSeat(seat: SeatFile): void {
    writePrivately(join(this.path, SEAT_FILE), json(seat));
    this.#seat = seat;
  }

  /** The site with its root key. @throws PORTICO_SITE_FILE where the key is not here */
  readRoot(): SiteFile {
    const remedy = `This needs the site's root key: put ${ROOT_FILE} from its safe place back into the folder.`;
    return parseSiteFile(readSiteText(this.rootPath, remedy));
  }

  /** @throws PORTICO_SITE_FILE */
  saveRoot(file: SiteFile): void {
    writePrivately(this.rootPath, json(file));
  }

  /** Of the certificates; undefined where the operator has an authority of his own. @throws PORTICO_SITE_FILE */
  readAuthority(): Credential | undefined {
    const keyPath = join(this.path, AUTHORITY_KEY);
    if (!existsSync(keyPath)) return undefined;
    const remedy = `Put ${AUTHORITY_CERTIFICATE} and ${AUTHORITY_KEY} back from their safe place.`;
    return {
      certificate: readSiteText(join(this.path, AUTHORITY_CERTIFICATE), remedy),
      privateKey: readSiteText(keyPath, remedy),
    };
  }

  /** @throws PORTICO_SITE_FILE */
  saveAuthority({ certificate, privateKey }: Credential): void {
    writePrivately(join(this.path, AUTHORITY_CERTIFICATE), certificate);
    writePrivately(join(this.path, AUTHORITY_KEY), privateKey);
  }

  /** The copy of the roster; each change is in the file before the call that made it returns. */
  openBook(): RosterBook {
    const book = RosterBook.parse(this.#bookFile.read(), (line) =>
      this.#bookFile.append(bookLine(line)),
    );
    if (book.isWordy) writePrivately(this.#bookFile.path, book.serialise());
    return book;
  }

  /** Lets go of the files. Idempotent. */
  close(): void {
    this.#bookFile.close();
    this.archive.close();
    this.issued.close();
  }
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const occupied = (path: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `${path} is not empty`,
    remedy: 'Name a new folder: nothing is ever written over.',
    context: { path },
  });
