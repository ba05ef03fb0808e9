import type { GateEvent, NumberedEvent } from '../events.ts';

/** Where events go for good: durable before `append` returns. */
export interface EventSink {
  append(event: GateEvent): NumberedEvent;
}
