import type { Clock } from '../domain/ports/clock.ts';

/** How a call ended; a driver that hangs is an answer too. */
export type Answer<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'failed'; readonly error: unknown }
  | { readonly outcome: 'late' };

/** Calls `task` and waits for it at most `deadlineMs`; never rejects. */
export function within<Value>(
  clock: Clock,
  deadlineMs: number,
  task: () => Promise<Value>,
): Promise<Answer<Value>> {
  return new Promise((resolve) => {
    const cancel = clock.after(deadlineMs, () => resolve({ outcome: 'late' }));
    const end = (answer: Answer<Value>): void => {
      cancel();
      resolve(answer);
    };
    invoke(task).then(
      (value) => end({ outcome: 'done', value }),
      (error: unknown) => end({ outcome: 'failed', error }),
    );
  });
}

/** A driver that throws at once instead of rejecting is no different. */
async function invoke<Value>(task: () => Promise<Value>): Promise<Value> {
  return await task();
}
