import { assertNever } from '../../src/domain/assert-never.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { Relay } from '../../src/domain/ports/relay.ts';
import { parseRelaySpec } from './relay-spec.ts';

export interface RelayDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest pulse that the output may ever give, ms. */
  readonly maxPulseMs: number;
}

/**
 * Opens the relay that a specification names; only its driver is loaded.
 * @throws PORTICO_RELAY_SPEC, PORTICO_RELAY_UNAVAILABLE, PORTICO_RELAY_WRITE
 */
export async function openRelay(specText: string, given: RelayDependencies): Promise<Relay> {
  const spec = parseRelaySpec(specText);
  switch (spec.kind) {
    case 'simulated': {
      const { SimulatedRelay } = await import('./simulated-relay.ts');
      return new SimulatedRelay(given);
    }
    case 'gpio': {
      const { HeldRelay } = await import('./held-relay.ts');
      const description = `GPIO relay ${spec.chip}/${spec.line}`;
      const entry = new URL('./holder/gpio-holder.js', import.meta.url);
      return HeldRelay.open({ ...given, description, entry, specText });
    }
    case 'lcus': {
      const { HeldRelay } = await import('./held-relay.ts');
      const description = `USB relay ${spec.path} channel ${spec.channel}`;
      const entry = new URL('./holder/lcus-holder.js', import.meta.url);
      return HeldRelay.open({ ...given, description, entry, specText });
    }
    case 'modbus': {
      const { ModbusRelay } = await import('./modbus-relay.ts');
      return ModbusRelay.open({ ...given, spec });
    }
    default:
      return assertNever(spec);
  }
}
