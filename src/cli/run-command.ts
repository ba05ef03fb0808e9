import type { Session } from './session.ts';

/** Runs one command with a session of its own and turns its answer, or its fault, into the exit code. */
export type RunCommand = (work: (session: Session) => Promise<number>) => Promise<void>;
