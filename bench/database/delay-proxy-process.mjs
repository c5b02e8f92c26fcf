// node delay-proxy-process.mjs PORT MILLISECONDS: a TCP proxy to 127.0.0.1:PORT that delivers everything later. It
// tells its own port by IPC. Timers of Node are good to a millisecond only, so it spins while something is on the way.
import { connect, createServer } from 'node:net';

const [port, delay] = process.argv.slice(2).map(Number);

/** Chunks on the way, the earliest first. */
const onTheWay = [];
let isSpinning = false;

function spin() {
  const now = performance.now();
  while (onTheWay.length > 0 && onTheWay[0].due <= now) {
    onTheWay.shift().deliver();
  }
  isSpinning = onTheWay.length > 0;
  if (isSpinning) {
    setImmediate(spin);
  }
}

function later(deliver) {
  onTheWay.push({ due: performance.now() + delay, deliver });
  if (!isSpinning) {
    isSpinning = true;
    setImmediate(spin);
  }
}

function pipe(from, to) {
  from.setNoDelay(true);
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}

const server = createServer((client) => {
  const upstream = connect({ port, host: '127.0.0.1' });
  pipe(client, upstream);
  pipe(upstream, client);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
