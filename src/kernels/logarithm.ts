const number = new Float64Array(1);
const words = new Uint32Array(number.buffer); // little-endian: the exponent is in the second

/**
 * Returns the natural logarithm of a normal number above 0, within 2 units in the last place. Engines differ in the last
 * bit of theirs; this one is made of exact steps alone, so WebAssembly and every version of Node agree:
 * x = 2^e × m with m near 1, and log m = 2 artanh((m - 1) / (m + 1)) as a series.
 */
export function logarithm(x: number): number {
  number[0] = x;
  let exponent = (words[1]! >>> 20) - 1023;
  words[1] = (words[1]! & 0x000fffff) | 0x3ff00000;
  let m = number[0]!;
  if (m > Math.SQRT2) {
    m = m / 2;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum = 1 / 21;
  for (let odd = 19; odd >= 3; odd -= 2) sum = sum * z + 1 / odd;
  return exponent * Math.LN2 + (2 * s + 2 * s * z * sum);
}
