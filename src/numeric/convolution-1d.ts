/**
 * Convolution of a signal with a kernel, without padding: the kernel is reversed and slid over the signal.
 * @param signal  (n) float64
 * @param kernel  (k) float64, k <= n
 * @returns       (n - k + 1) float64; empty when the signal is shorter than the kernel
 */
export function convolve1d(signal: Float64Array, kernel: Float64Array): Float64Array {
  const length = Math.max(0, signal.length - kernel.length + 1);
  const result = new Float64Array(length);
  const last = kernel.length - 1;
  for (let index = 0; index < length; index += 1) {
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap += 1) {
      sum += signal[index + tap]! * kernel[last - tap]!;
    }
    result[index] = sum;
  }
  return result;
}

/**
 * Kernel that passes a band of frequencies: an ideal band-pass cut short by a Hamming window. Symmetric,
 * so it shifts the signal by half its length and no frequency more than another; its sum is 0, so the mean
 * of the signal does not pass.
 * @param taps  odd
 * @param low   in cycles per sample, 0 < low < high < 0.5
 * Source: the window method, Oppenheim and Schafer, Discrete-Time Signal Processing
 */
export function bandPassKernel(taps: number, low: number, high: number): Float64Array {
  const middle = (taps - 1) / 2;
  const kernel = Float64Array.from({ length: taps }, (_value, tap) => {
    const at = tap - middle;
    const ideal =
      at === 0
        ? 2 * (high - low)
        : (Math.sin(2 * Math.PI * high * at) - Math.sin(2 * Math.PI * low * at)) / (Math.PI * at);
    return ideal * (0.54 + 0.46 * Math.cos((Math.PI * at) / (middle + 1)));
  });
  const mean = kernel.reduce((sum, value) => sum + value, 0) / taps;
  return kernel.map((value) => value - mean);
}
