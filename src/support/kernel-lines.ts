/** What a camera, a GPIO chip, a relay on a serial line, heat or want of memory leaves in the kernel's log. */
const ABOUT_US =
  /\b(uvcvideo|usb|video\d|v4l2?|tegra-(camrtc|vi|capture)|nvcsi|imx\d+|gpio|pinctrl|tty(USB|ACM|S|THS)\d|ch341|cp210x|ftdi|thermal|throttl|oom|out of memory|watchdog|mmc\d|nvme|ext4-fs error|i\/o error|nvgpu|portico)/i;
/** Numbers of one device, by which it could be told from all others. */
const SERIAL = /\b(serial ?number|serialnumber|idserial|mac address)\b/i;
const MAC_ADDRESS = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi;

/** The newest lines of the kernel's log that concern the gate's devices. */
export const kernelLines = (log: string, most = 400): readonly string[] =>
  log
    .split('\n')
    .filter((line) => ABOUT_US.test(line) && !SERIAL.test(line))
    .map((line) => line.replace(MAC_ADDRESS, 'xx:xx:xx:xx:xx:xx'))
    .slice(-most);
