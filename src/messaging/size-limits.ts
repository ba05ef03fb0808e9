/** Checked before anything is parsed. In bytes. */
export const SIZE_LIMITS = {
  /** Largest MQTT packet that a peer may send; told to the broker, and enforced against it. */
  packet: 1_536 * 1024,
  /** A person with sixteen templates of 512 numbers takes some 80 KiB. */
  record: 256 * 1024,
  head: 4 * 1024,
  trustList: 256 * 1024,
  contentKeys: 16 * 1024,
  /** A command may carry a photograph. */
  command: 1_400 * 1024,
  answer: 256 * 1024,
  event: 16 * 1024,
  receipt: 2 * 1024,
  state: 16 * 1024,
  availability: 512,
  /** A picture of 30 kB with its key sealed for 64 auditors takes some 75 KiB. */
  picture: 96 * 1024,
  pictureReceipt: 8 * 1024,
} as const;
/** A photograph in a command, as it is on disk; three layers of base64 make it 2.4 times larger. */
export const PHOTO_BYTES_MAX = 512 * 1024;
