import type { GateWatcher } from './gate-watcher.ts';

/** One watcher for several: each is told, in this order. */
export function fanOut(...watchers: readonly GateWatcher[]): Required<GateWatcher> {
  return {
    onEvent: (numbered) => {
      for (const watcher of watchers) watcher.onEvent?.(numbered);
    },
    onAttendance: (attendance, observation) => {
      for (const watcher of watchers) watcher.onAttendance?.(attendance, observation);
    },
    onDoor: (status) => {
      for (const watcher of watchers) watcher.onDoor?.(status);
    },
    onWork: (stage) => {
      for (const watcher of watchers) watcher.onWork?.(stage);
    },
    onVision: (state) => {
      for (const watcher of watchers) watcher.onVision?.(state);
    },
  };
}
