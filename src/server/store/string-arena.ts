/** An allocator for strings outside the heap. Each string gets a block of its size class, and freed blocks are reused. */

/** Bytes before the string: its length or, in a free block, the number of the next free block. */
const HEADER = 4;
/** Blocks grow in steps of eight bytes up to half a kilobyte, and above that by powers of two. */
const STEP = 8;
const STEPS = 64;
const SIZE_CLASSES = 128;
const SLAB_SIZE = 16_384;

const classOf = (bytes: number): number =>
  bytes <= STEP * STEPS ? Math.ceil(bytes / STEP) : STEPS + 32 - Math.clz32((bytes - 1) / (STEP * STEPS));
const sizeOf = (sizeClass: number): number =>
  sizeClass <= STEPS ? sizeClass * STEP : (STEP * STEPS) << (sizeClass - STEPS);

/** The arena. It returns a number from 1 on for each string. */
export class StringArena {
  readonly #sizeClasses: SizeClass[] = [];

  /** Writes a string and returns its number. */
  write(text: string): number {
    const length = Buffer.byteLength(text);
    const index = classOf(HEADER + length);
    const sizeClass = (this.#sizeClasses[index] ??= new SizeClass(sizeOf(index)));
    const block = sizeClass.allocate();
    const at = sizeClass.at(block);
    const slab = sizeClass.slab(block);
    slab.writeUInt32LE(length, at);
    slab.write(text, at + HEADER);
    return block * SIZE_CLASSES + index;
  }

  read(number: number): string {
    const sizeClass = this.#sizeClasses[number % SIZE_CLASSES]!;
    const block = Math.floor(number / SIZE_CLASSES);
    const at = sizeClass.at(block);
    const slab = sizeClass.slab(block);
    return slab.toString('utf8', at + HEADER, at + HEADER + slab.readUInt32LE(at));
  }

  free(number: number): void {
    this.#sizeClasses[number % SIZE_CLASSES]!.free(Math.floor(number / SIZE_CLASSES));
  }
}

/** All blocks of one size, in slabs of memory that never move. */
class SizeClass {
  readonly #slabs: Buffer[] = [];
  readonly #size: number;
  readonly #blocksPerSlab: number;
  #allocated = 0;
  /** The first free block, counted from 1; 0 if there is none. */
  #firstFree = 0;

  constructor(size: number) {
    this.#size = size;
    this.#blocksPerSlab = Math.max(1, Math.floor(SLAB_SIZE / size));
  }

  slab(block: number): Buffer {
    return this.#slabs[Math.floor(block / this.#blocksPerSlab)]!;
  }

  at(block: number): number {
    return (block % this.#blocksPerSlab) * this.#size;
  }

  allocate(): number {
    if (this.#firstFree !== 0) {
      const block = this.#firstFree - 1;
      this.#firstFree = this.slab(block).readUInt32LE(this.at(block));
      return block;
    }
    if (this.#allocated % this.#blocksPerSlab === 0) this.#slabs.push(Buffer.alloc(this.#blocksPerSlab * this.#size));
    this.#allocated += 1;
    return this.#allocated - 1;
  }

  free(block: number): void {
    this.slab(block).writeUInt32LE(this.#firstFree, this.at(block));
    this.#firstFree = block + 1;
  }
}
