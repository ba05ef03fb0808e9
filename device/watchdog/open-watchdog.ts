import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { SupervisorEnvironment, Watchdog } from '../../src/domain/ports/watchdog.ts';
import { SystemdNotifier } from './systemd-notifier.ts';

const NOBODY: Watchdog = {
  description: 'nobody watches',
  signEveryMs: undefined,
  ready: () => undefined,
  status: () => undefined,
  ping: () => undefined,
  extend: () => undefined,
  stopping: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * The supervisor that started this process; nobody, where there is none. WATCHDOG_PID is not asked:
 * under pm2 it names another process of the same service, for which the gate speaks.
 */
export function openWatchdog(
  { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec }: SupervisorEnvironment,
  given: { readonly clock: Clock; readonly logger: Logger },
): Watchdog {
  if (socket === undefined || !/^[/@]/.test(socket)) return NOBODY;
  const watchdogUsec = Number(usec ?? Number.NaN);
  return new SystemdNotifier({
    ...given,
    socket,
    watchdogUsec: watchdogUsec > 0 ? watchdogUsec : undefined,
  });
}
