/** What a person does on purpose, on top of what a head does by itself; functions of the time in seconds. */
export interface HeadActing {
  /** Radians; > 0 turns the nose to the picture's right, the person's own left. */
  readonly yaw: (seconds: number) => number;
  /** Share of the turning to and fro that a head does by itself: who attends to a page looks about less. */
  readonly restlessness: (seconds: number) => number;
  /** How far the lids are shut: 0 open, 1 shut. */
  readonly closure: (seconds: number) => number;
  /** Towards the camera, as a share of the distance to it. */
  readonly nearness: (seconds: number) => number;
}
