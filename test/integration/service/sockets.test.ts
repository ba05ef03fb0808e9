import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/load.ts';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { gateCannotRun, RealGate, statusWhen } from '../../helpers/real-gate.ts';

const operations = fileURLToPath(new URL('../../../../docs/operations.md', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portico-sockets-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A process and those that it has started. */
function familyOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [
    pid,
    ...children
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => familyOf(Number(child))),
  ];
}

function inodesOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

const LISTENING = '0A';
const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];

interface Listener {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** Whatever waits for others on a network, by the kernel's own tables. */
function networkListeners(inodes: ReadonlySet<string>): readonly Listener[] {
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) => {
    const lines = readFileSync(`/proc/net/${protocol}`, 'utf8').trim().split('\n').slice(1);
    return lines.flatMap((line) => {
      const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      const waits = protocol.startsWith('udp') || state === LISTENING;
      return waits && inodes.has(inode)
        ? [{ protocol, address, port: Number.parseInt(port, 16) }]
        : [];
    });
  });
}

/** Listening sockets of the file system (flag __SO_ACCEPTCON). */
function pathListeners(inodes: ReadonlySet<string>): readonly string[] {
  const lines = readFileSync('/proc/net/unix', 'utf8').trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, , , flags = '', , , inode = '', path = ''] = line.trim().split(/\s+/);
    return flags === '00010000' && inodes.has(inode) ? [path] : [];
  });
}

describe('listening sockets of a running gate', { skip: gateCannotRun() }, () => {
  it('are the page and the metrics on loopback, the painter’s door in the file system, and nothing else', async () => {
    const [page, metrics] = [await freePort(), await freePort()];
    const config = join(folder, 'portico.json');
    writeFileSync(
      config,
      JSON.stringify({
        schemaVersion: 1,
        camera: { source: 'test:' },
        kiosk: { port: page },
        health: { port: metrics },
      }),
    );
    const gate = new RealGate(folder, config);
    try {
      await statusWhen(
        metrics,
        ({ condition }) => condition === 'working',
        () => gate.output,
      );
      const inodes = new Set(familyOf(gate.child.pid ?? 0).flatMap(inodesOf));
      const network = networkListeners(inodes);
      assert.deepEqual(network.map(({ port }) => port).toSorted(), [page, metrics].toSorted());
      for (const { address, protocol } of network) {
        assert.ok(
          LOOPBACK.includes(address) && protocol.startsWith('tcp'),
          `${protocol} ${address}`,
        );
      }
      assert.deepEqual(pathListeners(inodes), [join(folder, 'art.sock')]);
    } finally {
      await gate.stop();
    }
  });

  it('are those that the operations page lists', () => {
    const { kiosk, health } = loadConfig({ environment: {} });
    const text = readFileSync(operations, 'utf8');
    const row = (place: string): RegExp => new RegExp(`^\\| ${place} `, 'm');
    for (const place of [
      `\`127.0.0.1:${kiosk.port}\``,
      `\`127.0.0.1:${health.port}\``,
      '`/run/portico/art.sock`',
    ]) {
      assert.match(text, row(place.replaceAll('.', '\\.')));
    }
  });
});
