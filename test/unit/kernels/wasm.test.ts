import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { WASM as SCORE } from '#src/kernels/generated/score-wasm.js';
import { compileModule, createMemory, instantiate, wasmAvailable } from '#src/kernels/wasm.js';

afterEach(() => {
  delete process.env['PHANTOMNET_KERNELS'];
});

describe('WebAssembly', () => {
  it('is there, unless the environment asks for the JavaScript kernels', () => {
    expect(wasmAvailable()).toBe(true);
    process.env['PHANTOMNET_KERNELS'] = 'js';
    expect(wasmAvailable()).toBe(false);
  });

  it('is said to be absent by an engine that has none', () => {
    const program = "import('#src/kernels/wasm.js').then((m) => console.log(m.wasmAvailable()))";
    const flags = ['--jitless', '--no-warnings'];
    expect(
      execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8', stdio: 'pipe' }).trim(),
    ).toBe('false');
  });

  it('is compiled once, and instantiated on a memory of its own', () => {
    const module = compileModule(SCORE);
    expect(compileModule(SCORE)).toBe(module);
    const memory = createMemory(1, 2);
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(memory.buffer.byteLength).toBe(65_536);
    expect(instantiate<object>(module, memory)).toBeTypeOf('object');
    expect(memory.grow(1)).toBe(1);
  });
});
