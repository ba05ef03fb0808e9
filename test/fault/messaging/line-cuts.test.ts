import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../../src/numeric/random.ts';
import { type Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { NetNamespace } from '../../helpers/net-namespace.ts';
import { SiteUnderFault } from '../../helpers/site-under-fault.ts';
import { TcpProxy } from '../../helpers/tcp-proxy.ts';

/*
 * Lines are cut, go silent and come back at random. For the long form, with every gate in a network
 * namespace whose cable is pulled out: LINE_CUT_SECONDS=600 LINE_CUT_NAMESPACES=1 (as the superuser).
 */
const SECONDS = Number(process.env['LINE_CUT_SECONDS'] ?? '10');
const SEED = Number(process.env['LINE_CUT_SEED'] ?? '1');
const USES_NAMESPACES = process.env['LINE_CUT_NAMESPACES'] === '1';
const GATES = 2;
const IS_LONG = SECONDS > 60;
const CHANGE_EVERY_MS = IS_LONG ? 200 : 40;
const EVENT_EVERY_MS = IS_LONG ? 100 : 25;
const ORDER_SHARE = 0.3;
/** The gates' keep-alive is 2 s: some silences are noticed and some are not. */
const LONGEST_CUT_MS = 4_000;

/** Something between a gate and the broker that fails. */
interface Line {
  fail(): void;
  heal(): void;
}

const random = seededRandom(SEED);

function cutAtRandom(lines: readonly Line[], untilMs: number): Promise<number>[] {
  return lines.map(async (line) => {
    let cuts = 0;
    while (performance.now() < untilMs) {
      await delay(random() * 2_000);
      line.fail();
      cuts += 1;
      await delay(random() * LONGEST_CUT_MS);
      line.heal();
    }
    return cuts;
  });
}

/** A proxy that now closes, now swallows everything without a word. */
const lineOf = (proxy: TcpProxy): Line => ({
  fail: () => {
    if (random() < 0.5) proxy.cut();
    else proxy.goSilent();
  },
  heal: () => proxy.heal(),
});

async function siteBehindProxies() {
  const proxies = new Map<string, TcpProxy>();
  const port = (name: string): number => proxies.get(name)?.port ?? assert.fail(name);
  const names = ['gate-1', 'gate-2', 'administrator', 'auditor'];
  const open = async (broker: Mosquitto): Promise<void> => {
    for (const name of names) proxies.set(name, await TcpProxy.to(broker.port));
  };
  const site = await SiteUnderFault.open({
    gates: GATES,
    seed: SEED,
    prepare: open,
    addressFor: (name, broker) => broker.addressFor(name, port(name)),
  });
  const lines = [...proxies.values()].map(lineOf);
  const close = async (): Promise<void> => {
    for (const proxy of proxies.values()) await proxy.close();
  };
  return { site, lines, close };
}

async function siteInNamespaces() {
  const namespaces = Array.from({ length: GATES }, (_, index) => new NetNamespace(index));
  const of = (name: string) => namespaces[Number(name.replace('gate-', '')) - 1];
  const site = await SiteUnderFault.open({
    gates: GATES,
    seed: SEED,
    addresses: namespaces.map(({ hostAddress }) => hostAddress),
    addressFor: (name, broker) => {
      const address = broker.addressFor(name);
      const host = of(name)?.hostAddress ?? 'localhost';
      return { ...address, url: `mqtts://${host}:${broker.port}` };
    },
    commandFor: (gateId) => of(gateId)?.command ?? [],
  });
  const lines = namespaces.map((namespace) => ({
    fail: () => namespace.pullOut(),
    heal: () => namespace.plugIn(),
  }));
  const close = async (): Promise<void> => {
    for (const namespace of namespaces) namespace.remove();
  };
  return { site, lines, close };
}

describe('lines that are cut, go silent and heal at random', { skip: mosquittoMissing }, () => {
  it('cost no person and no event, and move no door', async (context) => {
    const { site, lines, close } = USES_NAMESPACES
      ? await siteInNamespaces()
      : await siteBehindProxies();
    try {
      await Promise.all(site.gates.map((gate) => gate.start({ eventsEveryMs: EVENT_EVERY_MS })));
      const endChanges = site.changeOnAndOn(CHANGE_EVERY_MS);
      const untilMs = performance.now() + SECONDS * 1_000;
      const cuts = cutAtRandom(lines, untilMs);
      while (performance.now() < untilMs) {
        await delay(random() * 1_000);
        for (const gate of site.gates) gate.assertAlive();
        if (random() < ORDER_SHARE) void site.order();
      }
      const counts = await Promise.all(cuts);
      const changes = await endChanges();
      await site.assertWhole();
      context.diagnostic(
        `${SECONDS} s, ${counts.reduce((sum, count) => sum + count, 0)} cuts of ${lines.length} lines, ` +
          `${changes} changes (${site.retries} tried again), ${site.archive.events.length} events, ` +
          `${site.fits.get('duplicate') ?? 0} duplicates known as such, ` +
          `${site.doorMoves} of ${site.ordersGiven} orders obeyed, each once and in time`,
      );
    } finally {
      await site.close();
      await close();
    }
  });
});
