import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CONNECTION_LIMITS } from './connections.js';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Returns a listener that answers the requests of one connection one after the other, however many a client sends at
 * once: answers that wait for those before them would all be held in memory, with their files open, and nobody would
 * tell them when the client goes away. A connection on which more wait than may is cut.
 */
export function oneAtATime(listener: Listener): Listener {
  const waiting = new WeakMap<Socket, Parameters<Listener>[]>();
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    response.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (next === undefined || socket.destroyed) waiting.delete(socket);
      else begin(...next);
    });
    listener(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    const others = waiting.get(socket);
    if (others === undefined) {
      waiting.set(socket, []);
      begin(request, response);
    } else if (others.length < CONNECTION_LIMITS.waiting) others.push([request, response]);
    else socket.destroy();
  };
}
