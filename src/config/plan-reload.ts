import type { Config } from './schema.ts';

/** What a running gate takes over without a restart; all else is settled when it starts. */
const RELOADABLE = [
  'logLevel',
  'policy.schedules',
  'policy.holidays',
  'policy.defaultSchedule',
] as const;

export interface ReloadPlan {
  /** The running configuration with what can be taken over from the new one. */
  readonly config: Config;
  /** Keys that changed and are taken over. */
  readonly adopted: readonly string[];
  /** Keys that changed and wait for a restart. */
  readonly needRestart: readonly string[];
}

/** Compares two configurations, key by key. */
export function planReload(running: Config, next: Config): ReloadPlan {
  const changed = changedKeys(running, next, '');
  const isAdopted = (key: string): boolean =>
    RELOADABLE.some((prefix) => key === prefix || key.startsWith(`${prefix}.`));
  const { schedules, holidays, defaultSchedule } = next.policy;
  return {
    config: {
      ...running,
      logLevel: next.logLevel,
      policy: { ...running.policy, schedules, holidays, defaultSchedule },
    },
    adopted: changed.filter(isAdopted),
    needRestart: changed.filter((key) => !isAdopted(key)),
  };
}

function changedKeys(left: unknown, right: unknown, path: string): readonly string[] {
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].flatMap((key) =>
      changedKeys(left[key], right[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [path];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
