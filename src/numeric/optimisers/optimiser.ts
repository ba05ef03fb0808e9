/** Moves parameters towards a lower cost. Deterministic: the same calls give the same steps. */
export interface Optimiser {
  /**
   * One step, in place.
   * @param parameters what the cost depends on; always the same array, which the caller may limit
   *   between steps
   * @param gradient derivative of the cost by each parameter, at the parameters given
   * @param cost at the parameters given
   * @throws PORTICO_NUMERIC_SHAPE when the lengths differ from those of the first step
   */
  step(parameters: Float32Array, gradient: Float32Array, cost: number): void;
}
