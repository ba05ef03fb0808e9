/** A QR code as its modules, without the quiet zone. */
export interface QrModules {
  /** Modules on each side, 21 to 177. */
  readonly side: number;
  /** Row-major, side * side. */
  readonly isDark: readonly boolean[];
}

/** Light modules that have to surround a code; the standard asks for four, screens read well with two. */
export const QUIET_MODULES = 2;

const BLACK_ON_WHITE = '\u001b[38;2;0;0;0;48;2;255;255;255m';
const RESET = '\u001b[0m';

/** Modules on each side with the quiet zone: columns of a terminal, and twice its lines. */
export const wholeSideOf = ({ side }: QrModules): number => side + 2 * QUIET_MODULES;

/** The code in half blocks, two rows of modules to a line, black on white whatever the terminal's colours are. */
export function drawInTerminal({ side, isDark }: QrModules): readonly string[] {
  const at = (row: number, column: number): boolean =>
    row >= 0 && row < side && column >= 0 && column < side && isDark[row * side + column] === true;
  const end = side + QUIET_MODULES;
  const lines: string[] = [];
  for (let row = -QUIET_MODULES; row < end; row += 2) {
    let line = '';
    for (let column = -QUIET_MODULES; column < end; column++) {
      line += blockOf(at(row, column), at(row + 1, column));
    }
    lines.push(`${BLACK_ON_WHITE}${line}${RESET}`);
  }
  return lines;
}

function blockOf(isUpperDark: boolean, isLowerDark: boolean): string {
  if (isUpperDark) return isLowerDark ? '█' : '▀';
  return isLowerDark ? '▄' : ' ';
}
