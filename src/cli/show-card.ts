import { PorticoError } from '../domain/errors.ts';
import { PART_HEADER_BYTES, splitCard } from '../messaging/site/card-parts.ts';
import { drawInTerminal, wholeSideOf } from '../qr/qr-modules.ts';
import { QR_BYTES_MAX, type QrCode, writeQr } from '../qr/write-qr.ts';
import type { Session } from './session.ts';
import type { TerminalSize } from './terminal.ts';

/** The gate looks some ten times a second; people need a moment to see that something changes. */
const EACH_PART_MS = 1_500;
const CODES_MAX = 16;
/** Below the code: what to do with it. */
const TEXT_LINES = 4;
/** A screen of its own leaves nothing of the secret in what the terminal remembers. */
const OWN_SCREEN = '\u001b[?1049h';
const LEAVE_SCREEN = '\u001b[?1049l';
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/**
 * The card as few codes, each of which fits.
 * @throws PORTICO_USAGE when the room is too small
 */
export async function codesFor(card: Uint8Array, room: TerminalSize): Promise<readonly QrCode[]> {
  const roomSide = Math.min(room.columns, 2 * (room.lines - TEXT_LINES));
  let count = Math.ceil(card.length / (QR_BYTES_MAX - PART_HEADER_BYTES));
  while (count <= CODES_MAX) {
    const [first, ...rest] = splitCard(card, count);
    if (first === undefined) break;
    const code = await writeQr(first);
    const side = wholeSideOf(code.modules);
    if (side <= roomSide) return [code, ...(await Promise.all(rest.map(writeQr)))];
    // The area of a code grows with its bytes; a little less, so that none is passed over that would do.
    const share = (side / Math.max(1, roomSide)) ** 2;
    count = Math.max(count + 1, Math.floor(0.8 * count * share));
  }
  throw new PorticoError('PORTICO_USAGE', {
    message: `a terminal of ${room.columns} columns and ${room.lines} lines is too small for the code`,
    remedy: 'Make the window larger, or its letters smaller; or draw it into a file: --qr-file.',
  });
}

/** The one code for a picture file. @throws PORTICO_USAGE when the card is too large for one */
export function codeForFile(card: Uint8Array): Promise<QrCode> {
  const [part, ...more] = splitCard(card, 1);
  if (part !== undefined && more.length === 0 && part.length <= QR_BYTES_MAX) return writeQr(part);
  throw new PorticoError('PORTICO_USAGE', {
    message: `${card.length} bytes of certificates and keys are too many for one code`,
    remedy: 'Show them in the terminal, which takes several codes: --qr; or carry the file.',
  });
}

/** Shows the codes one after another, over and over, until Ctrl-C. */
export async function showCodes(
  { terminal, composition, signal }: Session,
  codes: readonly QrCode[],
  text: readonly string[],
): Promise<void> {
  terminal.say(OWN_SCREEN);
  try {
    for (let shown = 0; !signal.aborted; shown = (shown + 1) % codes.length) {
      const code = codes[shown];
      const part = codes.length === 1 ? [] : [`code ${shown + 1} of ${codes.length}, in turn`];
      const lines = code === undefined ? [] : drawInTerminal(code.modules);
      terminal.say([CLEAR_SCREEN + lines.join('\n'), ...text, ...part].join('\n'));
      await composition.clock.sleep(EACH_PART_MS, signal).catch(() => undefined);
    }
  } finally {
    terminal.say(LEAVE_SCREEN);
  }
}
