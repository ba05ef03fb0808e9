import { openDevices, systemChance, systemClock } from '../../device/index.ts';
import { Door } from '../access/door.ts';
import type { GateRequest } from '../cli/composition.ts';
import type { Config } from '../config/schema.ts';
import type { CheckedPolicy } from '../decision/checked-policy.ts';
import { defaultVisitPolicy } from '../decision/visit-policy.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { CPU_ONLY } from '../inference/providers.ts';
import { type ArtWall, KIOSK_DEFAULTS, type Kiosk, startKiosk } from '../kiosk/kiosk.ts';
import { Attendant, type DecidingEncoder } from '../runtime/attendant.ts';
import { encoderIds } from '../runtime/encoder-ids.ts';
import { fanOut } from '../runtime/fan-out.ts';
import { fusedIdOf } from '../runtime/fused-encoder.ts';
import { Gate } from '../runtime/gate.ts';
import { doorPolicyFromConfig, waiverOf } from '../runtime/policy-from-config.ts';
import { gateVision, photoVision } from '../runtime/vision-from-config.ts';
import { FrameSlots } from '../vision/frame-slots.ts';
import type { PhotoReading } from '../vision/photo-messages.ts';
import { readPhotoApart } from '../vision/read-photo-apart.ts';
import { openVision, VISION_LIMITS } from '../vision/vision-client.ts';
import { openArt } from './open-art.ts';
import { openHome } from './open-home.ts';
import { siteOpener } from './open-site.ts';
import { policyOf } from './policy-of.ts';

const BESIDE_THE_DOOR = { ...CPU_ONLY, threads: 1 };

export interface GateSurroundings {
  readonly version: string;
  readonly modelsDir: string;
  readonly catalogue: Catalogue;
}

/** Joins configuration, devices, models and store to a running gate. */
export async function startGate(request: GateRequest, around: GateSurroundings): Promise<Gate> {
  const { config, store, logger } = request;
  const clock = systemClock;
  const size = { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx };
  const slots = new FrameSlots(size);
  const policy = policyOf(config, around.modelsDir);
  const fused = fusedEncoder(config, policy);
  const [encoder, ...others] = decidingEncoders(config, around.catalogue);
  const encoders = [encoder, ...others, ...(fused === undefined ? [] : [fused])] as const;
  const readPhoto = photoReader(config, around);
  const openSite = siteOpener({ request, encoders, version: around.version });
  const attendant = new Attendant({
    clock,
    chance: systemChance,
    policy,
    visits: defaultVisitPolicy,
    encoder,
    ...(fused === undefined ? {} : { fused }),
  });
  const devices = await openDevices({
    camera: config.camera.source,
    size,
    relay: config.door.relay,
    inputs: config.door.inputs,
    maxPulseMs: config.door.maximumPulseMs,
    clock,
    logger,
    givenCamera: request.camera,
  });
  let page: Kiosk | undefined;
  const art = openArt({
    config,
    slots,
    store,
    logger,
    isWatched: () => (page?.viewerCount ?? 0) > 0,
    probe: request.artProbe,
  });
  const { version, modelsDir } = around;
  const home =
    request.speaksAbroad === true
      ? openHome({ config, logger, version, modelsDir, art: art?.desk })
      : undefined;
  const openWall = async (): Promise<Kiosk> => {
    page = await openPage(config, slots, logger, art?.desk);
    return page;
  };
  const parts = {
    clock,
    logger,
    store,
    camera: devices.camera,
    slots,
    attendant,
    openDoor: (listener: Parameters<typeof Door.start>[0]['listener'], isLockedDown: boolean) =>
      Door.start({
        relay: devices.relay,
        inputs: devices.inputs,
        clock,
        policy: doorPolicyFromConfig(config),
        listener,
        log: logger,
        isLockedDown,
      }),
    // Looked up for every attempt: what was missing may have come.
    openVision: async (listener: Parameters<typeof openVision>[1]['listener']) =>
      openVision(gateVision(config, around.catalogue, around.modelsDir), {
        slots,
        clock,
        logger,
        listener,
        limits: VISION_LIMITS,
      }),
    mendVision: request.mendModels,
    openPage: config.kiosk.enabled ? openWall : undefined,
    art,
    home,
    openSite:
      openSite === undefined
        ? undefined
        : (gate: Gate) => openSite({ gate, slots, art: art?.desk, attendant, readPhoto }),
    livenessWaiver: waiverOf(config),
    version: around.version,
  };
  try {
    const watcher = art === undefined ? request.watcher : fanOut(request.watcher, art.watcher);
    const gate = await Gate.start(parts, watcher);
    await art?.listen(gate);
    home?.listen(gate);
    return gate;
  } catch (error) {
    await devices.relay.close();
    throw error;
  }
}

function openPage(
  config: Config,
  slots: FrameSlots,
  logger: GateRequest['logger'],
  art: ArtWall | undefined,
): Promise<Kiosk> {
  const { kiosk, gate } = config;
  return startKiosk({
    ...KIOSK_DEFAULTS,
    host: kiosk.host,
    port: kiosk.port,
    settings: {
      siteName: gate.siteName,
      gateName: gate.name,
      timeZone: gate.timeZone,
      mirrored: true,
      showNames: kiosk.showNames,
      language: kiosk.language,
    },
    frameSize: slots.size,
    getFrame: (target) => slots.copyNewest(target),
    art,
    clock: systemClock,
    logger,
  });
}

function fusedEncoder(config: Config, { rules }: CheckedPolicy): DecidingEncoder | undefined {
  const modelId = fusedIdOf(config);
  return rules.calibrations.find((calibration) => calibration.modelId === modelId);
}

/** Beside the door's own vision: on one thread of the processor, with models that go afterwards. */
function photoReader(
  config: Config,
  { catalogue, modelsDir }: GateSurroundings,
): (photo: Uint8Array) => Promise<PhotoReading> {
  return (photo) => {
    const options = photoVision(config, catalogue, modelsDir);
    return readPhotoApart({ options: { ...options, providers: BESIDE_THE_DOOR }, photo });
  };
}

function decidingEncoders(
  config: Config,
  catalogue: Catalogue,
): readonly [DecidingEncoder, ...DecidingEncoder[]] {
  const [first, ...others] = encoderIds(config);
  const known = (modelId: string): DecidingEncoder => ({
    modelId,
    dimension: dimensionOf(catalogue, modelId),
  });
  return [known(first), ...others.map(known)];
}

function dimensionOf(catalogue: Catalogue, encoderId: string): number {
  const manifest = catalogue.manifest(encoderId);
  const dimension = manifest.kind === 'network' ? manifest.outputs[0]?.shape.at(-1) : undefined;
  if (dimension !== undefined) return dimension;
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: `models.encoders names ${encoderId}, which is not an encoder`,
    remedy: 'Name an encoder; `portico models ls` lists what there is.',
  });
}
