/** A compiled module: opaque, compiled once a process. */
type WasmModule = object;

/** Shared memory of an instance, or of several in several threads. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 65,536 bytes and returns how many there were. Views of `buffer` made before stay on the old bytes. */
  grow(pages: number): number;
}

/** The part of the WebAssembly interface that is used here: the types of Node do not describe it. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

/** Bytes of a page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;
/** Most pages a memory may have: 4 GiB. */
export const MAX_PAGES = 65_536;

const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;

/** A module of one function that uses a shared memory, a vector and a fence: valid where our kernels are. */
const PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic and version
  ...[1, 4, 1, 0x60, 0, 0], // one type: no parameters, no results
  ...[2, 16, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3, 1, 1], // shared memory env.memory
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 12, 1, 10, 0, 0x41, 0, 0xfd, 0x11, 0x1a, 0xfe, 3, 0, 0x0b], // i32x4.splat(0), drop, atomic.fence
);

let supported: boolean | undefined;

/**
 * Says whether the WebAssembly kernels serve here: the engine knows vectors and shared memory, and PHANTOMNET_KERNELS is
 * not `js`. Where they do not, the JavaScript kernels give the same bits.
 */
export function wasmAvailable(): boolean {
  supported ??= engine?.validate(PROBE) === true;
  return supported && process.env['PHANTOMNET_KERNELS'] !== 'js';
}

const modules = new Map<string, WasmModule>();

/** Returns the module of its base64 text, compiled the first time it is asked for. Call it only where `wasmAvailable()`. */
export function compileModule(base64: string): WasmModule {
  let module = modules.get(base64);
  if (module === undefined) {
    module = new engine!.Module(Buffer.from(base64, 'base64'));
    modules.set(base64, module);
  }
  return module;
}

const counted = new WeakMap<object, ArrayBuffer>();

/**
 * Makes the garbage collector of this thread count shared memory, by a buffer of the same size that nobody touches and that
 * lives as long as `owner`. V8 takes shared memory for nothing: fits one after the other would each leave theirs behind.
 * It may collect at once, which takes some milliseconds.
 */
export function countShared(owner: object, bytes: number): void {
  try {
    counted.set(owner, new ArrayBuffer(bytes));
  } catch (error) {
    // No room for it among the addresses there are: then it is not counted.
    if (!(error instanceof RangeError)) throw error;
  }
}

/** Returns shared memory of that many pages of 65,536 bytes, zeroed. Throws RangeError when there is no room. */
export function createMemory(initialPages: number, maximumPages = initialPages): WasmMemory {
  return new engine!.Memory({ initial: initialPages, maximum: maximumPages, shared: true });
}

/** Returns what a module exports, working on that memory. The globals of each instance are its own. */
export function instantiate<T>(module: WasmModule, memory: WasmMemory): T {
  return new engine!.Instance(module, { env: { memory } }).exports as T;
}
