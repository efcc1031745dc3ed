import { randomBytes } from 'node:crypto';

/** What a client's own request id may be: short, and plain enough for any log. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Returns a function that gives each request an id: the client's own where it is plain, else one that is never given twice. */
export function createRequestIds(): (given: string | undefined) => string {
  const start = randomBytes(6).toString('hex');
  let count = 0;
  return (given) => {
    if (given !== undefined && PLAIN_ID.test(given)) return given;
    count += 1;
    return `${start}-${count.toString(36)}`;
  };
}
