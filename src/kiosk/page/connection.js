const SILENCE_MS = 3_000;
const OPENING_MS = 15_000;
const WATCH_MS = 250;
const RETRY_MS = 1_000;
const LENGTH_BYTES = 4;

/**
 * Keeps a live socket to the gate. Each message is acknowledged once `onMessage` has shown it, which
 * is what lets the gate send the next. When nothing came for three seconds, whatever the reason,
 * `onSilent` is called once; after that the connection is made anew until the gate speaks again.
 * @param {object} listener
 * @param {(header: import('../kiosk-message.ts').KioskHeader, jpeg: Blob | undefined) => Promise<void>} listener.onMessage
 * @param {() => void} listener.onSilent
 */
export function connect({ onMessage, onSilent }) {
  const address = new URL('/live', location.href);
  address.protocol = 'ws:';
  let heardAtMs = performance.now();
  let openedAtMs = 0;
  let isSilent = false;
  /** @type {WebSocket | undefined} */
  let socket;

  const open = () => {
    openedAtMs = performance.now();
    const fresh = new WebSocket(address);
    fresh.binaryType = 'arraybuffer';
    fresh.addEventListener('message', async ({ data }) => {
      if (fresh !== socket) return;
      heardAtMs = performance.now();
      isSilent = false;
      const { header, jpeg } = decode(data);
      await onMessage(header, jpeg);
      if (fresh.readyState === WebSocket.OPEN) fresh.send(String(header.number));
    });
    fresh.addEventListener('close', () => {
      if (fresh === socket) socket = undefined;
    });
    socket = fresh;
  };

  setInterval(() => {
    const now = performance.now();
    if (now - heardAtMs > SILENCE_MS && !isSilent) {
      isSilent = true;
      onSilent();
    }
    if (socket !== undefined) {
      // An open socket that says nothing belongs to a gate that is gone or hangs; one that is still
      // being opened may belong to a busy machine.
      const patienceMs = socket.readyState === WebSocket.CONNECTING ? OPENING_MS : SILENCE_MS;
      if (now - Math.max(heardAtMs, openedAtMs) > patienceMs) {
        socket.close();
        socket = undefined;
      }
    }
    if (socket === undefined && now - openedAtMs > RETRY_MS) open();
  }, WATCH_MS);
  open();
}

/**
 * @param {ArrayBuffer} data header length (uint32, little-endian), header (UTF-8 JSON), JPEG or nothing
 * @returns {{ header: import('../kiosk-message.ts').KioskHeader, jpeg: Blob | undefined }}
 */
function decode(data) {
  const headerBytes = new DataView(data).getUint32(0, true);
  const end = LENGTH_BYTES + headerBytes;
  const header = JSON.parse(
    new TextDecoder().decode(new Uint8Array(data, LENGTH_BYTES, headerBytes)),
  );
  const jpeg =
    data.byteLength > end
      ? new Blob([new Uint8Array(data, end)], { type: 'image/jpeg' })
      : undefined;
  return { header, jpeg };
}
