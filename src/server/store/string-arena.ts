/** Texts outside of the heap, each in a slot of its size, which is used again. It knows nothing of what they say. */

/** Bytes that say how long a text is; in a free slot, which one is the next that is free. */
const HEAD = 4;
/** Slots are as large as a text to the next eight bytes, and above half a kilobyte to the next power of two. */
const STEP = 8;
const STEPS = 64;
const KINDS = 128;
const SLAB = 16_384;

const kindOf = (bytes: number): number =>
  bytes <= STEP * STEPS ? Math.ceil(bytes / STEP) : STEPS + 32 - Math.clz32((bytes - 1) / (STEP * STEPS));
const sizeOf = (kind: number): number => (kind <= STEPS ? kind * STEP : (STEP * STEPS) << (kind - STEPS));

/** Where texts lie; a text is known by a number from 1 on. */
export class StringArena {
  readonly #slots: SizeClass[] = [];

  /** Writes a text and answers its number. */
  write(text: string): number {
    const length = Buffer.byteLength(text);
    const kind = kindOf(HEAD + length);
    const slots = (this.#slots[kind] ??= new SizeClass(sizeOf(kind)));
    const slot = slots.take();
    const at = slots.at(slot);
    const slab = slots.slab(slot);
    slab.writeUInt32LE(length, at);
    slab.write(text, at + HEAD);
    return slot * KINDS + kind;
  }

  read(number: number): string {
    const slots = this.#slots[number % KINDS]!;
    const slot = Math.floor(number / KINDS);
    const at = slots.at(slot);
    const slab = slots.slab(slot);
    return slab.toString('utf8', at + HEAD, at + HEAD + slab.readUInt32LE(at));
  }

  free(number: number): void {
    this.#slots[number % KINDS]!.free(Math.floor(number / KINDS));
  }
}

/** All slots of one size, in pieces of memory that are never moved. */
class SizeClass {
  readonly #slabs: Buffer[] = [];
  readonly #size: number;
  readonly #each: number;
  #made = 0;
  /** The first free one, counted from 1; 0 for none. */
  #free = 0;

  constructor(size: number) {
    this.#size = size;
    this.#each = Math.max(1, Math.floor(SLAB / size));
  }

  slab(slot: number): Buffer {
    return this.#slabs[Math.floor(slot / this.#each)]!;
  }

  at(slot: number): number {
    return (slot % this.#each) * this.#size;
  }

  take(): number {
    if (this.#free !== 0) {
      const slot = this.#free - 1;
      this.#free = this.slab(slot).readUInt32LE(this.at(slot));
      return slot;
    }
    if (this.#made % this.#each === 0) this.#slabs.push(Buffer.alloc(this.#each * this.#size));
    this.#made += 1;
    return this.#made - 1;
  }

  free(slot: number): void {
    this.slab(slot).writeUInt32LE(this.#free, this.at(slot));
    this.#free = slot + 1;
  }
}
