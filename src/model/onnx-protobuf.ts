/** Writes protobuf messages: a field at a time, in the order of the calls. Equal calls give equal bytes. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** Writes a whole number, 0 to 2^53 - 1. */
  int(field: number, value: number): this {
    return this.#push(varints([field * 8, value]));
  }

  /** Writes numbers of at most 2^53 - 1 as one packed field; nothing for an empty list. */
  ints(field: number, values: ArrayLike<number>): this {
    return values.length === 0 ? this : this.bytes(field, varints(values));
  }

  /** Writes a single-precision number. */
  float(field: number, value: number): this {
    this.#push(varints([field * 8 + 5]));
    return this.#push(floatBytes([value]));
  }

  /** Writes single-precision numbers as one packed field; nothing for an empty list. */
  floats(field: number, values: ArrayLike<number>): this {
    return values.length === 0 ? this : this.bytes(field, floatBytes(values));
  }

  /** Writes double-precision numbers as one packed field; nothing for an empty list. */
  doubles(field: number, values: ArrayLike<number>): this {
    const view = new DataView(new ArrayBuffer(values.length * 8));
    for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true);
    return values.length === 0 ? this : this.bytes(field, new Uint8Array(view.buffer));
  }

  /** Writes text as UTF-8; a lone surrogate becomes U+FFFD. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Writes a message. */
  message(field: number, value: ProtoWriter): this {
    this.#push(varints([field * 8 + 2, value.#size]));
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** Writes bytes as they are. */
  bytes(field: number, value: Uint8Array): this {
    this.#push(varints([field * 8 + 2, value.length]));
    return this.#push(value);
  }

  /** Returns all that was written. */
  finish(): Uint8Array {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#size += part.length;
    return this;
  }
}

function floatBytes(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
  return new Uint8Array(view.buffer);
}

/** Base-128 numbers, the lowest seven bits first; negative ones as the two's complement of 64 bits. */
function varints(values: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let rest = values[i]! < 0 ? BigInt.asUintN(64, BigInt(values[i]!)) : values[i]!;
    if (typeof rest === 'bigint') {
      for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    } else for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(Number(rest));
  }
  return Uint8Array.from(bytes);
}
