import type { FleetCost } from './fleet-trial.ts';

/** How large the fleet is that is reckoned. */
export interface FleetSize {
  readonly gates: number;
  readonly people: number;
}

/** The same costs at another size, if a broker has one core like this machine's. */
export interface FleetEstimate extends FleetSize {
  /** A trust list names at most `GATES_PER_SITE` gates. */
  readonly sites: number;
  readonly connectionsMegabytes: number;
  /** Share of one core for what gates say when nothing happens. */
  readonly idleLoad: number;
  /** All gates at once, after the broker was away: core seconds. */
  readonly returnSeconds: number;
  /** One person and the head to every gate. */
  readonly changeSeconds: number;
  readonly changeMegabytes: number;
  /** Everybody to every gate, all of them fresh: core seconds, and bytes. */
  readonly fillSeconds: number;
  readonly fillGigabytes: number;
  /** Everybody to one fresh gate: seconds of that gate's processor. */
  readonly gateFillSeconds: number;
}

/** Of the trust list's schema. */
export const GATES_PER_SITE = 1_500;
const STATE_EVERY_SECONDS = 60;
const PING_EVERY_SECONDS = 15;
/** A state goes from the gate to the broker and to each of these desks. */
const DESKS = 1;
const HEAD_BYTES = 500;

/** Arithmetic, not a measurement: what the measured costs amount to when everything grows in proportion. */
export function estimateFleet({ gates, people }: FleetSize, cost: FleetCost): FleetEstimate {
  const { brokerCpuMsPerDelivery: deliveryMs, recordBytes } = cost;
  const saidPerSecond = gates / PING_EVERY_SECONDS + ((1 + DESKS) * gates) / STATE_EVERY_SECONDS;
  const records = gates * people;
  return {
    gates,
    people,
    sites: Math.ceil(gates / GATES_PER_SITE),
    connectionsMegabytes: rounded((gates * cost.brokerBytesPerConnection) / 1e6),
    idleLoad: rounded((saidPerSecond * deliveryMs) / 1_000),
    returnSeconds: rounded((gates * cost.brokerCpuMsPerConnection) / 1_000),
    changeSeconds: rounded((2 * gates * deliveryMs) / 1_000),
    changeMegabytes: rounded((gates * (recordBytes + HEAD_BYTES)) / 1e6),
    fillSeconds: rounded((records * deliveryMs) / 1_000),
    fillGigabytes: rounded((records * recordBytes) / 1e9),
    gateFillSeconds: rounded((people * cost.gateCpuMsPerRecord) / 1_000),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
