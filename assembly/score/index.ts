/** Placeholder until the traversal kernels are written. */
export function answer(): u32 {
  return 42;
}
