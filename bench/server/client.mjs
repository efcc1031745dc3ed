// A keep-alive HTTP client that costs as little as it can, so that what is measured is the server.
import { connect } from 'node:net';

/** Returns a connection; `send` resolves with {status, body} once the whole answer is there. One request at a time. */
export async function openConnection(uri) {
  const { hostname, port } = new URL(uri);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise((ok, fail) => socket.once('connect', ok).once('error', fail));
  let received = Buffer.alloc(0);
  let waiting;
  let failure;
  const settle = () => {
    const answer = waiting && readAnswer(received);
    if (!answer) return;
    received = received.subarray(answer.size);
    const { resolve } = waiting;
    waiting = undefined;
    resolve(answer);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    settle();
  });
  const fail = (error) => {
    failure = error ?? new Error('the server closed the connection');
    waiting?.reject(failure);
  };
  socket.on('error', fail).on('close', () => fail(failure));
  return {
    send(method, path, body = '') {
      if (failure) throw failure;
      const head = `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n`;
      const type =
        body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}${type}\r\n${body}`);
      });
    },
    close: () => socket.removeAllListeners('close').destroy(),
  };
}

function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /^content-length: (\d+)/im.exec(head);
  if (length === null) throw new Error(`an answer without content-length:\n${head}`);
  const size = headEnd + 4 + Number(length[1]);
  if (bytes.length < size) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(headEnd + 4, size), size };
}

/**
 * Sends what `next()` gives from `clients` connections, each waiting for its answer, for `seconds` and at least `least`
 * calls, or exactly `count` calls; returns calls a second. Calls of a known number are made before the clock starts,
 * others while the server works, so that making them is no part of the figure. Throws at the first answer that is not 200.
 */
export async function callsPerSecond(uri, { clients = 1, seconds, least, count, next }) {
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(uri)));
  const made = count === undefined ? undefined : Array.from({ length: count }, next).reverse();
  const take = made === undefined ? next : () => made.pop();
  const started = performance.now();
  const isOver = () => performance.now() - started > seconds * 1000 && done >= least;
  let done = 0;
  const work = async (connection) => {
    for (let call = take(); call !== undefined && !(made === undefined && isOver()); ) {
      const [method, path, text] = call;
      const answered = connection.send(method, path, text);
      call = take();
      const { status, body } = await answered;
      if (status !== 200) throw new Error(`${method} ${path}: ${status} ${body.toString().slice(0, 300)}`);
      done += 1;
    }
  };
  await Promise.all(connections.map(work));
  const rate = done / ((performance.now() - started) / 1000);
  for (const connection of connections) connection.close();
  return rate;
}
