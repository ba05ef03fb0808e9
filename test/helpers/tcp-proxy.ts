import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line between a client and a broker that can be cut, or go silent without a word. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isSilent = false;
  connections = 0;
  bytesDown = 0;

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      this.connections += 1;
      const far = connect({ port: targetPort, host: '127.0.0.1' });
      const pair = [near, far] as const;
      this.#pairs.add(pair);
      near.on('data', (chunk) => this.#isSilent || far.write(chunk));
      far.on('data', (chunk) => {
        if (this.#isSilent) return;
        this.bytesDown += chunk.length;
        near.write(chunk);
      });
      for (const socket of pair) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#pairs.delete(pair);
          // A half-open line: the other side learns nothing.
          if (!this.#isSilent) for (const other of pair) other.destroy();
        });
      }
    });
  }

  static async to(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  goSilent(): void {
    this.#isSilent = true;
  }

  heal(): void {
    this.#isSilent = false;
    this.cut();
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
