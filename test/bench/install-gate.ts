import type { Installed } from './report.ts';
import type { Stand } from './stand.ts';

const INSTALL = 'PORTICO_STAYS_HEALTHY_S=5 /mnt/bench/release/scripts/install --prebuilt';
const WORKS_WITHIN_S = 300;

/** What a person does on a fresh machine: wires it, installs, enrols somebody. Then the power comes back once. */
export async function installGate(stand: Stand, say: (text: string) => void): Promise<Installed> {
  await stand.machine.run('/mnt/bench/programs/set-up');
  const beganS = await stand.act(
    `(${INSTALL}) >/run/bench-install.log 2>&1 || { cat /run/bench-install.log; exit 1; }`,
  );
  await stand.working(beganS, WORKS_WITHIN_S);
  const installS = Number(await stand.machine.run("cut -d' ' -f1 /proc/uptime")) - beganS;
  say(`installed in ${installS.toFixed(0)} s`);
  await stand.machine.run('portico enrol resident /mnt/bench/resident.png');
  const about = {
    kernel: await stand.machine.run('uname -r'),
    systemd: await stand.machine.run(
      "systemctl --version | sed -n '1s/systemd \\([0-9]*\\).*/\\1/p'",
    ),
    release: await stand.machine.run('basename "$(readlink /opt/portico/current)"'),
  };
  const exposure = await exposureOf(stand);
  await stand.machine.powerOff();
  await stand.powerOn();
  const bootS = await stand.worksSinceBoot();
  say(`working ${bootS.toFixed(0)} s after the power came`);
  await stand.machine.powerOff();
  return { ...about, exposure, installS, bootS };
}

/** What `systemd-analyze security` says of every unit that the release can install: 0 is shut off, 10 may do everything. */
async function exposureOf({ machine }: Stand): Promise<Installed['exposure']> {
  const text = await machine.run(
    `cd /opt/portico/current/systemd; for unit in *.service; do
      systemd-analyze security --offline=true --no-pager "./$unit" | sed -n "s/.*exposure level for .*: \\([0-9.]*\\) \\([A-Z]*\\).*/$unit \\1 \\2/p"; done`,
  );
  return text.split('\n').map((line) => {
    const [unit = '', level = '', verdict = ''] = line.split(' ');
    return { unit, level: Number(level), verdict };
  });
}
