/**
 * One unit vector for several: each scaled by the root of its weight, one behind the other. The inner
 * product of two such vectors is the weighted sum of the parts' inner products, so whatever compares,
 * stores and averages embeddings does the same with fused ones.
 * @param parts    unit vectors, (D1), (D2), ... float32
 * @param weights  one per part, > 0, adding up to 1
 * @returns (D1 + D2 + ...) float32, of unit length
 */
export function fuseVectors(
  parts: readonly Float32Array[],
  weights: readonly number[],
): Float32Array {
  const fused = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    const scale = Math.sqrt(weights[index]!);
    for (let k = 0; k < part.length; k += 1) fused[offset + k] = scale * part[k]!;
    offset += part.length;
  }
  return fused;
}
