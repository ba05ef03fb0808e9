const WIDTH_PX = 1280;
const JPEG_QUALITY = 0.92;

/**
 * The computer's own camera in a video element. Its light goes out as soon as it is not needed.
 */
export class Webcam {
  #video;
  /** @type {MediaStream | undefined} */
  #stream;
  #isWanted = false;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
  }

  /** @returns {Promise<'on' | 'refused' | 'missing'>} */
  async start() {
    this.#isWanted = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: WIDTH_PX }, facingMode: 'user' },
      });
      if (!this.#isWanted) {
        for (const track of stream.getTracks()) track.stop();
        return 'on';
      }
      this.#stream = stream;
      this.#video.srcObject = stream;
      await this.#video.play();
      return 'on';
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      return isRefused ? 'refused' : 'missing';
    }
  }

  stop() {
    this.#isWanted = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** @returns {Promise<Blob | undefined>} the picture as it is now, unmirrored */
  async take() {
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth === 0) return undefined;
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0);
    return canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
  }
}
