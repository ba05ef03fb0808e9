/** What a clip shows: a person, or one way of showing a picture of that person instead. */
export const SPECIES = [
  'bona-fide',
  'print',
  'bent-print',
  'cut-eyes-print',
  'phone-photo',
  'tablet-photo',
  'screen-photo-print',
  'tablet-replay',
  'slid-in-print',
] as const;

export type Species = (typeof SPECIES)[number];
