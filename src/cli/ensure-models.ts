import type { Config } from '../config/schema.ts';
import type { PreparedModel, PrepareReport } from './composition.ts';
import type { Session } from './session.ts';

const MEBIBYTE = 1024 * 1024;

/** Prepares models with a progress bar; says nothing where all were there. */
export async function ensureModels(
  session: Pick<Session, 'composition' | 'terminal' | 'signal'>,
  config: Config,
  ids?: readonly string[],
): Promise<readonly PreparedModel[]> {
  const { composition, terminal, signal } = session;
  let announced = '';
  const prepared = await composition.prepareModels(config, {
    ...(ids === undefined ? {} : { ids }),
    signal,
    onProgress: (report) => {
      terminal.bar('preparing models', shareOf(report), describe(report));
      const isWork = report.step === 'download' || report.step === 'convert';
      if (isWork && !terminal.interactive && announced !== report.id + report.step) {
        announced = report.id + report.step;
        terminal.note(`preparing models: ${report.id}: ${report.step}`);
      }
    },
  });
  terminal.clearBar();
  const made = prepared.filter(({ outcome }) => outcome === 'prepared').length;
  if (made > 0) terminal.note(`models: ${made} prepared, ${prepared.length - made} were ready`);
  return prepared;
}

function shareOf({ position, count, step, receivedBytes, totalBytes }: PrepareReport): number {
  const within =
    step === 'download' ? (receivedBytes ?? 0) / (totalBytes ?? Number.POSITIVE_INFINITY) : 0;
  return (position - 1 + (step === 'ready' ? 1 : within * 0.8)) / count;
}

function describe({ id, step, receivedBytes, totalBytes }: PrepareReport): string {
  if (step !== 'download' || receivedBytes === undefined) return `${id}: ${step}`;
  const total = totalBytes === undefined ? '' : ` of ${(totalBytes / MEBIBYTE).toFixed(1)}`;
  return `${id}: ${(receivedBytes / MEBIBYTE).toFixed(1)}${total} MiB`;
}
