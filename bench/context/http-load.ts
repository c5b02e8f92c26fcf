import { connect, type Socket } from 'node:net';

const REQUEST = [
  'GET /orders/4711 HTTP/1.1',
  'Host: localhost',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
  'X-Request-Id: 3f6f2c8e-6c1f-4f35-9d8e-0a1b2c3d4e5f',
  '\r\n',
].join('\r\n');

/** The end of the response of the empty handler: its body is `ok`. */
const OK = '\r\n\r\nok';

/** Sends so many requests over so many keep-alive connections, the next when the last was answered. */
export async function sendRequests(port: number, requests: number, connections: number): Promise<void> {
  let left = requests;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
      try {
        while (left > 0) {
          left--;
          await exchange(socket);
        }
      } finally {
        socket.destroy();
      }
    }),
  );
}

function exchange(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onData = (text: string | Buffer): void => {
      answer += text;
      if (answer.endsWith(OK)) {
        socket.off('data', onData).off('error', reject);
        resolve();
      } else if (!answer.startsWith('HTTP/1.1 200'.slice(0, answer.length))) {
        reject(new Error(`The server of the benchmark answered: ${answer}`));
      }
    };
    socket.on('data', onData).once('error', reject);
    socket.write(REQUEST);
  });
}
