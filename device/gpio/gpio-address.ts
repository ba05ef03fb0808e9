/** Where a line is: the chip by label or device, the line by name or offset; looked up at every open. */
export interface GpioAddress {
  /** A chip's label (`tegra234-gpio`), its name (`gpiochip0`) or its device file (`/dev/gpiochip0`). */
  readonly chip: string;
  /** A line's name (`PQ.05`) or its offset on the chip (`105`). */
  readonly line: string;
}

// Nothing that a program could take for an option, and no separator of the specification itself.
const CHIP = /^(?:\/dev\/gpiochip\d{1,3}|[A-Za-z0-9][A-Za-z0-9._:@-]{0,63})$/;
const LINE = /^[A-Za-z0-9_][A-Za-z0-9._:@+-]{0,63}$/;

export const isGpioChip = (text: string): boolean => CHIP.test(text);
export const isGpioLine = (text: string): boolean => LINE.test(text);

/** Splits `<chip>/<line>`; undefined when either half is malformed. */
export function parseGpioAddress(text: string): GpioAddress | undefined {
  const slash = text.lastIndexOf('/');
  if (slash <= 0) return undefined;
  const chip = text.slice(0, slash);
  const line = text.slice(slash + 1);
  return isGpioChip(chip) && isGpioLine(line) ? { chip, line } : undefined;
}
