import { writeFileSync } from 'node:fs';
import { PorticoError } from '../domain/errors.ts';
import type { ShownPicture } from '../office/picture-folder.ts';
import type { SiteFolder } from '../office/site-folder.ts';
import type { Session } from './session.ts';
import { EXIT } from './terminal.ts';

export interface PictureRequest {
  readonly gate: string;
  /** Of the event that it shows, or of the one that announced it. */
  readonly picture: number;
  readonly out: string;
}

type Missing = Exclude<ShownPicture['outcome'], 'opened'>;

const WHY: Readonly<
  Record<Missing, Pick<PorticoError, 'code' | 'remedy'> & { readonly what: string }>
> = {
  none: {
    code: 'PORTICO_USAGE',
    what: 'has no picture',
    remedy: 'Look for "picture" in `portico events`; --gate and --picture name one of them.',
  },
  expired: {
    code: 'PORTICO_USAGE',
    what: 'had a picture, which has expired',
    remedy:
      'It was deleted everywhere; site.pictures.keepHours of the gate says how long they stay.',
  },
  'not-here': {
    code: 'PORTICO_USAGE',
    what: 'has a picture that did not come here',
    remedy: 'Run `portico events --follow` with an auditor’s seat: gates send what waits.',
  },
  'no-key': {
    code: 'PORTICO_SITE_REFUSED',
    what: 'has a picture that this seat cannot open',
    remedy: 'Use a seat that had the role audit, and this key, when the picture was taken.',
  },
  damaged: {
    code: 'PORTICO_SITE_FILE',
    what: 'has a picture here that is not the one that its gate announced',
    remedy: 'Delete the file in the folder "pictures"; take the picture from another auditor.',
  },
};

/** Writes the picture of an event into a file, in the clear. @throws PORTICO_USAGE, _SITE_REFUSED, _SITE_FILE */
export async function savePicture(
  { composition, terminal }: Session,
  { seat, pictures }: SiteFolder,
  { gate, picture: number, out }: PictureRequest,
): Promise<number> {
  const announced = pictures.of(gate, number);
  const shown = await pictures.show(announced, seat, composition.clock.wall());
  if (shown.outcome !== 'opened') {
    const { code, what, remedy } = WHY[shown.outcome];
    throw new PorticoError(code, { message: `event ${number} of ${gate} ${what}`, remedy });
  }
  write(out, shown.jpeg);
  const expiresAtMs = announced?.expiresAtMs ?? 0;
  terminal.result({ out, of: announced?.of, expiresAtMs });
  terminal.say(`wrote ${out}`);
  terminal.note(
    `${out} is a person's face in the clear: nobody deletes it but you, and it is due by ${new Date(expiresAtMs).toISOString()}`,
  );
  return EXIT.ok;
}

function write(path: string, jpeg: Uint8Array): void {
  try {
    writeFileSync(path, jpeg, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new PorticoError('PORTICO_USAGE', {
      message: `${path} cannot be written`,
      remedy: 'Name a file that does not exist, in a folder that you may write to.',
      cause,
    });
  }
}
