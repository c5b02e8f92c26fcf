import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';

/**
 * Stands between a client and a server and counts round trips: how often the client sends something after it has
 * heard from the server.
 */
export class RoundTripProxy {
  private trips = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly port: number,
  ) {}

  /** @param onTheWay changes what the client sends; in as many bytes, because messages tell their length */
  static async start(
    target: { readonly host: string; readonly port: number },
    onTheWay: (sent: Buffer) => Buffer = (sent) => sent,
  ): Promise<RoundTripProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new RoundTripProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => proxy.relay(client, openSocket(target), onTheWay));
    return proxy;
  }

  /** Round trips since the last call, over all connections. */
  take(): number {
    const { trips } = this;
    this.trips = 0;
    return trips;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private relay(client: Socket, upstream: Socket, onTheWay: (sent: Buffer) => Buffer): void {
    let serverSpokeLast = true;
    client.on('data', (chunk) => {
      this.trips += serverSpokeLast ? 1 : 0;
      serverSpokeLast = false;
      upstream.write(onTheWay(chunk));
    });
    upstream.on('data', (chunk) => {
      serverSpokeLast = true;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => other.destroy());
      socket.on('error', () => other.destroy());
    }
  }
}
