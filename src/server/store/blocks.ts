/** Texts outside of the heap, in chained blocks of 64 bytes that are used again. It knows nothing of what they say. */

/** Bytes of a block: four name the next one, the first block of a text begins with four of its length. */
const BLOCK = 64;
const HEAD = 4;
const ROOM = BLOCK - HEAD;
const CHUNK = 1024;

/** Where texts lie; a text is known by the number of its first block, from 1 on. */
export class Blocks {
  readonly #chunks: Buffer[] = [];
  #free = 0;
  #made = 0;
  #scratch = Buffer.alloc(1024);

  /** Writes a text and answers its number. */
  write(text: string): number {
    const most = text.length * 3;
    if (most > this.#scratch.length - HEAD) this.#scratch = Buffer.alloc(2 * most);
    const length = HEAD + this.#scratch.write(text, HEAD);
    this.#scratch.writeUInt32LE(length, 0);
    const first = this.#take();
    for (let [block, from] = [first, 0]; block !== 0; from += ROOM) {
      const [chunk, at] = this.#find(block);
      this.#scratch.copy(chunk, at + HEAD, from, from + ROOM);
      block = from + ROOM < length ? this.#take() : 0;
      chunk.writeUInt32LE(block, at);
    }
    return first;
  }

  read(first: number): string {
    let [chunk, at] = this.#find(first);
    const length = chunk.readUInt32LE(at + HEAD);
    // The buffer has held this text before, so it is long enough; and nothing runs in between that could write into it.
    for (let from = 0; from < length; from += ROOM) {
      if (from > 0) [chunk, at] = this.#find(chunk.readUInt32LE(at));
      chunk.copy(this.#scratch, from, at + HEAD, at + BLOCK);
    }
    return this.#scratch.toString('utf8', HEAD, length);
  }

  free(first: number): void {
    let block = first;
    for (;;) {
      const [chunk, at] = this.#find(block);
      const next = chunk.readUInt32LE(at);
      if (next === 0) {
        chunk.writeUInt32LE(this.#free, at);
        this.#free = first;
        return;
      }
      block = next;
    }
  }

  #find(block: number): [chunk: Buffer, at: number] {
    const place = block - 1;
    return [this.#chunks[Math.floor(place / CHUNK)]!, (place % CHUNK) * BLOCK];
  }

  #take(): number {
    const block = this.#free;
    if (block !== 0) {
      const [chunk, at] = this.#find(block);
      this.#free = chunk.readUInt32LE(at);
      return block;
    }
    if (this.#made % CHUNK === 0) this.#chunks.push(Buffer.alloc(CHUNK * BLOCK));
    this.#made += 1;
    return this.#made;
  }
}
