#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LinuxSensors, openWatchdog, systemClock } from '../device/index.ts';
import type { Composition } from './cli/composition.ts';
import { runCli } from './cli/run-cli.ts';
import { checkDevices, configuredCamera } from './composition/check-devices.ts';
import { openDemoStage } from './composition/demo-stage.ts';
import { openLivingStage } from './composition/living-stage.ts';
import { listModels, prepareModels } from './composition/models.ts';
import { policyOf } from './composition/policy-of.ts';
import { releaseRelay } from './composition/release-relay.ts';
import { startGate } from './composition/start-gate.ts';
import type { Config } from './config/schema.ts';
import { openCatalogue } from './inference/catalogue.ts';
import { ModelSets } from './inference/model-sets.ts';

// This file runs as dist/src/main.js; manifests and package.json stand at the top of the installation.
const installation = new URL('../../', import.meta.url);
const shippedModels = fileURLToPath(new URL('models/', installation));

function packageVersion(): string {
  const text = readFileSync(new URL('package.json', installation), 'utf8');
  const value: unknown = JSON.parse(text);
  const hasVersion = typeof value === 'object' && value !== null && 'version' in value;
  return hasVersion ? String(value.version) : 'unknown';
}

const setsOf = ({ models, store }: Config): ModelSets | undefined =>
  models.directory === undefined
    ? new ModelSets({ folder: join(dirname(store.path), 'models'), shipped: shippedModels })
    : undefined;

const foldersOf = (config: Config): { modelsDir: string; cacheDir: string } => ({
  modelsDir: config.models.directory ?? setsOf(config)?.directory() ?? shippedModels,
  cacheDir: config.models.cacheDirectory,
});

const composition: Composition = {
  version: packageVersion(),
  clock: systemClock,
  modelsDir: (config) => foldersOf(config).modelsDir,
  catalogue: (config) => openCatalogue(foldersOf(config)),
  modelSets: setsOf,
  prepareModels: (config, request) => prepareModels(foldersOf(config), request),
  listModels: (config) => listModels(foldersOf(config)),
  startGate: (request) =>
    startGate(request, {
      version: composition.version,
      modelsDir: foldersOf(request.config).modelsDir,
      catalogue: composition.catalogue(request.config),
    }),
  policyOf: (config) => policyOf(config, foldersOf(config).modelsDir),
  openWatchdog: (environment, logger) => openWatchdog(environment, { clock: systemClock, logger }),
  machineSensors: ({ store }) =>
    new LinuxSensors({ clock: systemClock, storeFolder: dirname(store.path) }),
  releaseRelay,
  openCamera: configuredCamera,
  checkDevices,
  brokerFiles: () => ({
    configuration: readFileSync(new URL('docs/brokers/mosquitto.conf', installation), 'utf8'),
    accessList: readFileSync(new URL('docs/brokers/mosquitto.acl', installation), 'utf8'),
  }),
  openLivingStage: (config) =>
    openLivingStage(config, composition.catalogue(config), foldersOf(config).modelsDir),
  openDemoStage: (config) => openDemoStage(config, composition.catalogue(config)),
};

process.exitCode = await runCli(process.argv.slice(2), process.env, composition);

// The command is over. Should anything still hold the process, the supervisor must see it end all the same.
const LINGER_MS = 10_000;
setTimeout(() => process.exit(), LINGER_MS).unref();
