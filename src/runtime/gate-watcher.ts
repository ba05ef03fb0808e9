import type { DoorStatus } from '../access/door-status.ts';
import type { NumberedEvent } from '../domain/events.ts';
import type { GateStage } from '../domain/gate-stage.ts';
import type { Observation } from '../domain/observation.ts';
import type { Attendance } from './attendant.ts';
import type { VisionState } from './vision-watch.ts';

/** What somebody beside the gate may follow: the terminal, the demonstration, tests. */
export interface GateWatcher {
  onEvent?(event: NumberedEvent): void;
  onAttendance?(attendance: Attendance, observation: Observation | undefined): void;
  onDoor?(status: DoorStatus): void;
  /** A stage has completed a piece of work. */
  onWork?(stage: GateStage): void;
  /** At the start, after every restart of vision, and when it is lost. */
  onVision?(state: VisionState): void;
}
