import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { StatusReport } from '../health/status-report.ts';
import { readCalibration } from '../inference/calibration-file.ts';
import type { RungReport } from '../inference/providers.ts';
import { describeThreads } from '../inference/thread-choice.ts';
import { gallerySize } from '../runtime/gallery-size.ts';
import { modelsNeededBy } from '../runtime/needed-models.ts';
import { photoVision } from '../runtime/vision-from-config.ts';
import { PhotoAnalyser } from '../vision/photo-analyser.ts';
import { askStatus } from './ask-gate.ts';
import { failed, passed } from './check-result.ts';
import { checkSite } from './check-site.ts';
import type { DeviceCheck } from './composition.ts';
import { jetsonChecks } from './jetson-checks.ts';
import { jetsonFacts } from './machine-facts.ts';
import { openPeopleStore } from './people-store.ts';
import type { Session } from './session.ts';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'firefox', 'cog'];

/**
 * Everything that the gate needs, tried one after the other. Camera and relay can be held by one program
 * only: while a gate runs with this configuration it is asked how it finds them, and left alone.
 */
export async function examine(session: Session, config: Config): Promise<readonly DeviceCheck[]> {
  const { composition } = session;
  const running = await askStatus(config).catch(() => undefined);
  const devices =
    running === undefined
      ? await composition.checkDevices(config, session.logger(config))
      : devicesOf(running);
  const jetson = await jetsonFacts(config);
  return [
    ...devices,
    ...(jetson === undefined ? [] : jetsonChecks(jetson)),
    ...(await checkModels(session, config)),
    checkStore(session, config),
    ...(await checkSite(session, config)),
    await checkClock(session, config),
    checkDisplay(session, config),
  ];
}

const DEVICES_OF_THE_GATE = [
  ['camera', /^PORTICO_CAMERA_/],
  ['relay', /^PORTICO_(RELAY|DOOR)_/],
  ['door inputs', /^PORTICO_INPUT_/],
] as const;

/** What the running gate says of its devices. */
function devicesOf({ faults }: StatusReport): readonly DeviceCheck[] {
  return DEVICES_OF_THE_GATE.map(([part, about]) => {
    const found = faults.filter((code) => about.test(code));
    if (found.length === 0)
      return passed(part, 'in use by the running gate, which reports no fault');
    const detail = `the running gate reports ${found.join(', ')}`;
    return { part, outcome: 'failed', detail, fix: 'README.md says what to do about each code.' };
  });
}

async function checkModels(session: Session, config: Config): Promise<readonly DeviceCheck[]> {
  const needed = modelsNeededBy(config);
  const states = await session.composition.listModels(config);
  const unready = states.filter(({ id, state }) => needed.includes(id) && state !== 'prepared');
  if (unready.length > 0) {
    const detail = unready.map(({ id, state }) => `${id} ${state}`).join(', ');
    return [{ part: 'models', outcome: 'failed', detail, fix: 'portico models prepare' }];
  }
  const calibrated = config.models.encoders.map((id) => checkCalibration(session, config, id));
  return [
    passed('models', `${needed.length} prepared and intact`),
    ...calibrated,
    ...(await checkEngine(session, config)),
  ];
}

function checkCalibration(session: Session, config: Config, id: string): DeviceCheck {
  const part = `calibration ${id}`;
  return attempt(part, () => {
    const calibration = readCalibration(session.composition.modelsDir(config), id);
    if (calibration !== undefined) {
      return passed(
        part,
        `${calibration.date}, ${calibration.data.nonMatedTrials} non-mated trials`,
      );
    }
    const fix = 'Use a calibrated encoder, or run `portico calibrate`.';
    return { part, outcome: 'failed', detail: 'none: this encoder opens for nobody', fix };
  });
}

/** A row for each network, with every rung that was tried for it. */
async function checkEngine(session: Session, config: Config): Promise<readonly DeviceCheck[]> {
  try {
    const options = photoVision(
      config,
      session.composition.catalogue(config),
      session.composition.modelsDir(config),
    );
    const analyser = await PhotoAnalyser.open(options);
    const rungs = new Map<string, string[]>();
    for (const rung of analyser.ladder) {
      rungs.set(rung.modelId, [...(rungs.get(rung.modelId) ?? []), describeRung(rung)]);
    }
    await analyser.close();
    return [...rungs].map(([id, tried]) => passed(`inference ${id}`, tried.join('; ')));
  } catch (error) {
    return [failed('inference', error)];
  }
}

const describeRung = ({ provider, outcome, warmUpMs, threads }: RungReport): string =>
  [
    outcome === 'in-use' ? provider : `${provider} ${outcome}`,
    ...(warmUpMs === undefined ? [] : [`${warmUpMs.toFixed(1)} ms`]),
    ...(threads === undefined ? [] : [`threads ${describeThreads(threads)}`]),
  ].join(', ');

function checkStore(session: Session, config: Config): DeviceCheck {
  const part = 'store and key';
  const { path, keyFile } = config.store;
  if (!existsSync(path) && !existsSync(keyFile)) {
    const detail = `${path} does not exist yet`;
    return {
      part,
      outcome: 'warning',
      detail,
      fix: 'portico enrol makes it with the first person',
    };
  }
  return attempt(part, () => {
    const store = openPeopleStore(config, session.composition.clock, false);
    const people = store.identities().length;
    const size = gallerySize(store.snapshot(), session.composition.policyOf(config));
    store.close();
    if (size.kind !== 'roomy') {
      const { message: detail, remedy: fix } = size.fault;
      return { part, outcome: size.kind === 'full' ? 'failed' : 'warning', detail, fix };
    }
    const mode = existsSync(keyFile)
      ? ` key mode ${(statSync(keyFile).mode & 0o777).toString(8)}`
      : '';
    return passed(part, `${path}: intact, ${people} people;${mode}`);
  });
}

async function checkClock(session: Session, config: Config): Promise<DeviceCheck> {
  const now = new Date(session.composition.clock.wall());
  const detail = `${now.toISOString()}, site zone ${config.gate.timeZone}`;
  const { isClockSynchronised } = await session.composition.machineSensors(config).read();
  if (now.getUTCFullYear() < 2026) {
    return {
      part: 'clock',
      outcome: 'failed',
      detail,
      fix: 'Set the time; schedules cannot be trusted.',
    };
  }
  return isClockSynchronised === true || config.health.timeService === 'none'
    ? passed('clock', detail)
    : {
        part: 'clock',
        outcome: 'warning',
        detail,
        fix: 'Enable a time service (systemd-timesyncd or chrony).',
      };
}

function checkDisplay(session: Session, config: Config): DeviceCheck {
  const folders = (session.environment['PATH'] ?? '').split(delimiter);
  const browser = BROWSERS.find((name) => folders.some((folder) => existsSync(join(folder, name))));
  const page = `page on ${config.kiosk.host}:${config.kiosk.port}`;
  if (!config.kiosk.enabled) return passed('display', 'switched off');
  return browser === undefined
    ? {
        part: 'display',
        outcome: 'warning',
        detail: `${page}; no browser found`,
        fix: 'apt install chromium fonts-noto-cjk',
      }
    : passed('display', `${page}; ${browser}`);
}

function attempt(part: string, check: () => DeviceCheck): DeviceCheck {
  try {
    return check();
  } catch (error) {
    return failed(part, error);
  }
}
