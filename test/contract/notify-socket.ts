import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const LISTENER = `
import json, socket, sys
address = sys.argv[1]
if address.startswith("@"):
    address = "\\0" + address[1:]
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(address)
print("listening", flush=True)
while True:
    # A barrier comes with a descriptor that the sender waits for: taken and closed at once.
    data, descriptors, flags, sender = socket.recv_fds(ear, 65536, 4)
    for descriptor in descriptors:
        __import__('os').close(descriptor)
    print(json.dumps(data.decode()), flush=True)
`;

/** Listens as systemd would and keeps the messages. */
export class NotifySocket {
  readonly messages: string[] = [];
  readonly #child: ChildProcess;
  #partial = '';
  #isListening = false;

  private constructor(address: string) {
    this.#child = spawn('python3', ['-I', '-S', '-c', LISTENER, address], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  static async listen(address: string): Promise<NotifySocket> {
    const socket = new NotifySocket(address);
    await socket.until(() => socket.#isListening);
    return socket;
  }

  /** Messages that are no barrier, joined by ' | ' within each. */
  get said(): readonly string[] {
    return this.messages
      .filter((message) => message !== 'BARRIER=1')
      .map((message) => message.trim().replaceAll('\n', ' | '));
  }

  async until(condition: () => boolean, withinMs = 10_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!condition()) {
      if (performance.now() > deadline) {
        throw new Error(`not within ${withinMs} ms; heard: ${JSON.stringify(this.messages)}`);
      }
      await delay(10);
    }
  }

  async close(): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'listening') this.#isListening = true;
      else this.messages.push(JSON.parse(line) as string);
    }
  }
}
