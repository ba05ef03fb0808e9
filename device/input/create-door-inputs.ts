import { assertNever } from '../../src/domain/assert-never.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { DoorInputs } from '../../src/domain/ports/door-inputs.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import { parseInputSpec } from './input-spec.ts';

export interface DoorInputDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Makes the door inputs that a specification names; only their driver is loaded. They report from
 * their own `open` on.
 * @throws PORTICO_INPUT_SPEC
 */
export async function createDoorInputs(
  specText: string,
  given: DoorInputDependencies,
): Promise<DoorInputs> {
  const spec = parseInputSpec(specText);
  switch (spec.kind) {
    case 'none': {
      const { AbsentInputs } = await import('./absent-inputs.ts');
      return new AbsentInputs();
    }
    case 'simulated': {
      const { SimulatedInputs } = await import('./simulated-inputs.ts');
      return new SimulatedInputs();
    }
    case 'gpio': {
      const { GpioInputs } = await import('./gpio-inputs.ts');
      return new GpioInputs({ ...given, spec });
    }
    default:
      return assertNever(spec);
  }
}
