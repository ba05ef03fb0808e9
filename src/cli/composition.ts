import type { Config } from '../config/schema.ts';
import type { CheckedPolicy } from '../decision/checked-policy.ts';
import type { ChallengeAction } from '../domain/challenge.ts';
import type { Camera } from '../domain/ports/camera.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { MachineSensors } from '../domain/ports/machine-sensors.ts';
import type { SupervisorEnvironment, Watchdog } from '../domain/ports/watchdog.ts';
import type { Store } from '../gallery/store.ts';
import type { ArtProbe } from '../idle/gate/art-desk.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import type { ModelSets } from '../inference/model-sets.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { Gate } from '../runtime/gate.ts';
import type { GateWatcher } from '../runtime/gate-watcher.ts';
import type { GateService } from '../runtime/site-orders.ts';

/** One thing that the gate needs, tried. */
export interface DeviceCheck {
  readonly part: string;
  readonly outcome: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do about it; empty when it is well. */
  readonly fix: string;
}

export type PrepareStepName = 'check' | 'download' | 'extract' | 'convert' | 'store' | 'ready';

export interface PrepareReport {
  readonly id: string;
  readonly position: number;
  readonly count: number;
  readonly step: PrepareStepName;
  readonly receivedBytes?: number;
  readonly totalBytes?: number;
}

export interface ModelState {
  readonly id: string;
  readonly description: string;
  readonly source: string;
  readonly licence: string;
  readonly state: 'prepared' | 'missing' | 'damaged';
}

export interface PrepareRequest {
  readonly ids?: readonly string[];
  readonly onProgress: (report: PrepareReport) => void;
  readonly signal: AbortSignal;
}

export interface PreparedModel {
  readonly id: string;
  readonly outcome: 'already-prepared' | 'prepared';
}

export interface GateRequest {
  readonly config: Config;
  readonly store: Store;
  readonly logger: Logger;
  readonly watcher: GateWatcher;
  /** In the place of the configured camera. */
  readonly camera?: Camera;
  /** This machine's gate itself, with its site and Home Assistant; what only demonstrates or measures stands alone. */
  readonly speaksAbroad?: boolean;
  /** What the site may order of the process; absent: nobody would start it again. */
  readonly service?: GateService;
  /** The hottest sensor, degrees Celsius, for whoever looks from afar. */
  readonly hottestC?: () => number | undefined;
  /** Tries to make missing models ready; with it the gate starts without them. */
  readonly mendModels?: () => Promise<void>;
  /** Measures the art: paints as if a screen showed it. */
  readonly artProbe?: ArtProbe;
}

export type DemoSceneName = 'empty' | 'resident' | 'stranger';

/** The scripted entrance of the demonstration. */
export interface DemoStage {
  readonly camera: Camera;
  play(scene: DemoSceneName): void;
  /** How long a visit in that scene lasts. */
  readonly sceneMs: number;
  /** So many frames of the resident standing at the door, as packed RGB of the camera's size. */
  drawAtDoor(count: number): readonly Uint8Array[];
  /** The one photograph from which the resident is enrolled. */
  readonly enrolmentPhoto: RgbImage;
}

export type LivingSceneName = 'empty' | 'badge-photo' | 'resident';

/** The entrance of the demonstration of liveness. */
export interface LivingStage {
  readonly camera: Camera;
  play(scene: LivingSceneName): void;
  /** The page asks for this; a living resident does it, a picture does not. */
  prompt(action: ChallengeAction): void;
  /** The one photograph from which the resident is enrolled; it is also what the badge shows. */
  readonly enrolmentPhoto: RgbImage;
}

/** What the entry point hands to the commands: everything that touches devices or prepares models. */
export interface Composition {
  readonly version: string;
  readonly clock: Clock;
  readonly modelsDir: (config: Config) => string;
  readonly catalogue: (config: Config) => Catalogue;
  /** Manifests that replace those of the release; undefined where the configuration names a folder of its own. */
  readonly modelSets: (config: Config) => ModelSets | undefined;
  readonly prepareModels: (
    config: Config,
    request: PrepareRequest,
  ) => Promise<readonly PreparedModel[]>;
  readonly listModels: (config: Config) => Promise<readonly ModelState[]>;
  readonly startGate: (request: GateRequest) => Promise<Gate>;
  /** The policy that the configuration demands, with the calibrations at hand. @throws PORTICO_CONFIG_INVALID */
  readonly policyOf: (config: Config) => CheckedPolicy;
  /** Whoever started this process and wants to hear that it lives. */
  readonly openWatchdog: (environment: SupervisorEnvironment, logger: Logger) => Watchdog;
  readonly machineSensors: (config: Config) => MachineSensors;
  /** @returns what was released */
  readonly releaseRelay: (config: Config, logger: Logger) => Promise<string>;
  /** The configured camera, not open yet. @throws DeviceError */
  readonly openCamera: (config: Config, logger: Logger) => Promise<Camera>;
  readonly checkDevices: (config: Config, logger: Logger) => Promise<readonly DeviceCheck[]>;
  /** The configuration and access list for a mosquitto that are shipped. */
  readonly brokerFiles: () => { readonly configuration: string; readonly accessList: string };
  readonly openLivingStage: (config: Config) => Promise<LivingStage>;
  readonly openDemoStage: (config: Config) => Promise<DemoStage>;
}
