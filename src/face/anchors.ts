/** A feature map of BlazeFace: its cells a side, and the anchors that share a cell's centre. */
export interface FeatureMap {
  readonly cells: number;
  readonly anchorsPerCell: number;
}

/** The two maps of BlazeFace on a 256x256 input: 512 and 384 anchors. */
export const FINE_MAP: FeatureMap = { cells: 16, anchorsPerCell: 2 };
export const COARSE_MAP: FeatureMap = { cells: 8, anchorsPerCell: 6 };

export const anchorCount = (map: FeatureMap): number => map.cells * map.cells * map.anchorsPerCell;

/**
 * Centres of a map's anchors in the order of the model's outputs: row by row, all anchors of a cell
 * together. They have no size of their own: the net predicts sizes in pixels of its input.
 * @returns (n, 2) x, y as a share of the input's side, in (0, 1), row-major
 * Source: Bazarevsky et al. 2019, section 3.2.
 */
export function blazeFaceAnchors(map: FeatureMap): Float32Array {
  const anchors = new Float32Array(anchorCount(map) * 2);
  for (let index = 0; index < anchorCount(map); index += 1) {
    const cell = Math.floor(index / map.anchorsPerCell);
    anchors[index * 2] = ((cell % map.cells) + 0.5) / map.cells;
    anchors[index * 2 + 1] = (Math.floor(cell / map.cells) + 0.5) / map.cells;
  }
  return anchors;
}
