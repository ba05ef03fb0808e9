/** A feature map of BlazeFace: its cells a side, and the anchors that share a cell's centre. */
interface FeatureMap {
  readonly cells: number;
  readonly anchorsPerCell: number;
}

/** The two maps of BlazeFace on a 256x256 input, fine one first as in its outputs. */
const FEATURE_MAPS: readonly FeatureMap[] = [
  { cells: 16, anchorsPerCell: 2 },
  { cells: 8, anchorsPerCell: 6 },
];

/** 16 x 16 x 2 + 8 x 8 x 6. */
export const ANCHOR_COUNT = 896;

/**
 * Centres of BlazeFace's anchors in the order of its outputs: map by map, row by row, all anchors
 * of a cell together. They have no size of their own: the net predicts sizes in pixels of its input.
 * @returns (896, 2) x, y as a share of the input's side, in (0, 1), row-major
 * Source: Bazarevsky et al. 2019, section 3.2.
 */
export function blazeFaceAnchors(): Float32Array {
  const anchors = new Float32Array(ANCHOR_COUNT * 2);
  let at = 0;
  for (const { cells, anchorsPerCell } of FEATURE_MAPS) {
    for (let cell = 0; cell < cells * cells; cell += 1) {
      for (let anchor = 0; anchor < anchorsPerCell; anchor += 1, at += 2) {
        anchors[at] = ((cell % cells) + 0.5) / cells;
        anchors[at + 1] = (Math.floor(cell / cells) + 0.5) / cells;
      }
    }
  }
  return anchors;
}
