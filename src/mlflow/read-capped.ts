import { PhantomNetError } from '../core/index.js';

/** Returns the body of an answer. Throws UNAVAILABLE as soon as it is larger than `maxSizeBytes`, before it fills the memory. */
export async function readCapped(
  response: Response,
  maxSizeBytes: number,
  what: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (response.body !== null) {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxSizeBytes) {
        throw new PhantomNetError(
          'UNAVAILABLE',
          `the answer to ${what} is larger than ${maxSizeBytes} bytes`,
          {
            hint: 'ask for less, or check that the tracking uri is that of an MLflow server',
            details: { call: what, maxSizeBytes },
          },
        );
      }
      chunks.push(chunk);
    }
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
