/** The parts of a running gate that prove that they live by what they get done. */
export const GATE_STAGES = ['camera', 'vision', 'decision', 'door', 'store', 'page'] as const;
export type GateStage = (typeof GATE_STAGES)[number];
