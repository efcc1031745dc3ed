/** Returns the natural logarithm of a normal number above 0, by the steps of kernels/logarithm.ts, which it equals bit for bit. */
export function logarithm(x: f64): f64 {
  let bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
  let m = reinterpret<f64>(bits);
  if (m > 1.4142135623730951) {
    m = m / 2;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum: f64 = 1.0 / 21.0;
  sum = sum * z + 1.0 / 19.0;
  sum = sum * z + 1.0 / 17.0;
  sum = sum * z + 1.0 / 15.0;
  sum = sum * z + 1.0 / 13.0;
  sum = sum * z + 1.0 / 11.0;
  sum = sum * z + 1.0 / 9.0;
  sum = sum * z + 1.0 / 7.0;
  sum = sum * z + 1.0 / 5.0;
  sum = sum * z + 1.0 / 3.0;
  return <f64>exponent * 0.6931471805599453 + (2 * s + 2 * s * z * sum);
}
