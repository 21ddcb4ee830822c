/**
 * A map from text to a number, a text or an object, with the time at which each entry may go: 24 bytes an entry and its text lie
 * outside of the heap, where a `Map` takes some 200 and the collector walks over all of them. It knows no counters, and no clock.
 */
import { randomInt } from 'node:crypto';
import { Texts } from './texts.js';

/** Of one entry, in 32-bit words: 86 bits of the key's print and 42 of its time, then two of its value. */
const WORDS = 6;
/** Bits of the time that share a word with the print. 42 bits of milliseconds last until the year 2109. */
const HIGH = 10;
const MASK = 2 ** HIGH - 1;
const LATEST = 2 ** (32 + HIGH) - 1;
const PARTS = 64;
const SMALLEST = 16;

/** Entries in one piece of memory; many small parts grow one after another, and no request waits while all is moved. */
export class Part {
  #words = new Uint32Array(0);
  #values = new Float64Array(0);
  #capacity = 0;
  #used = 0;

  constructor() {
    this.#allot(SMALLEST);
  }

  #allot(capacity: number): void {
    this.#words = new Uint32Array(capacity * WORDS);
    this.#values = new Float64Array(this.#words.buffer);
    this.#capacity = capacity;
  }

  /** Where the entry with this print is, or the free place where it belongs. */
  place(print: Uint32Array): number {
    const words = this.#words;
    let at = print[0]! & (this.#capacity - 1);
    for (; this.has(at); at = (at + 1) & (this.#capacity - 1)) {
      const from = at * WORDS;
      if (words[from] === print[0] && words[from + 1] === print[1] && words[from + 2]! >>> HIGH === print[2]! >>> HIGH)
        return at;
    }
    return at;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** A free place has the time 0, which no entry has. */
  has(at: number): boolean {
    const from = at * WORDS;
    return this.#words[from + 3] !== 0 || (this.#words[from + 2]! & MASK) !== 0;
  }

  expires(at: number): number {
    const from = at * WORDS;
    return (this.#words[from + 2]! & MASK) * 2 ** 32 + this.#words[from + 3]!;
  }

  value(at: number): number {
    return this.#values[at * 3 + 2]!;
  }

  /** Writes at a place that `place` has found for this print. */
  set(at: number, print: Uint32Array, value: number, expires: number): void {
    const words = this.#words;
    const from = at * WORDS;
    const added = !this.has(at);
    const time = Math.min(Math.max(1, Math.ceil(expires)), LATEST);
    words[from] = print[0]!;
    words[from + 1] = print[1]!;
    words[from + 2] = ((print[2]! >>> HIGH) << HIGH) | (time / 2 ** 32);
    // The array itself keeps the lower 32 bits.
    words[from + 3] = time;
    this.#values[at * 3 + 2] = value;
    if (!added) return;
    this.#used += 1;
    if (this.#used * 4 > this.#capacity * 3) this.#grow();
  }

  /** Frees a place, and moves those up that had to go past it (Knuth, volume 3, 6.4, algorithm R). */
  remove(at: number): void {
    const [words, mask] = [this.#words, this.#capacity - 1];
    let free = at;
    for (let next = (free + 1) & mask; this.has(next); next = (next + 1) & mask) {
      const home = words[next * WORDS]! & mask;
      if (((next - home) & mask) < ((next - free) & mask)) continue;
      words.copyWithin(free * WORDS, next * WORDS, (next + 1) * WORDS);
      free = next;
    }
    words.fill(0, free * WORDS, (free + 1) * WORDS);
    this.#used -= 1;
  }

  #grow(): void {
    const old = this.#words;
    this.#allot(2 * this.#capacity);
    for (let from = 0; from < old.length; from += WORDS) {
      const entry = old.subarray(from, from + WORDS);
      // Moved as it is: only its place is another.
      if (entry[2]! & MASK || entry[3]) this.#words.set(entry, this.place(entry) * WORDS);
    }
  }
}

/** The map. A number that is negative, or no number, cannot be kept; objects are kept as they are, on the heap. */
export class Table<T extends object> {
  readonly #parts = Array.from({ length: PARTS }, () => new Part());
  readonly #texts = new Texts();
  readonly #objects: (T | undefined)[] = [];
  readonly #freeObjects: number[] = [];
  /** Of its own in each process, so that nobody can choose keys that fall together. */
  readonly #seeds = Uint32Array.from({ length: 4 }, () => randomInt(2 ** 32));
  readonly #print = new Uint32Array(3);
  #swept = { part: 0, at: 0 };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    const part = this.#partOf(key);
    return part.has(part.place(this.#print));
  }

  /** What stands under `key`, unless its time is over. */
  get(key: string, now: number): number | string | T | undefined {
    const part = this.#partOf(key);
    const at = part.place(this.#print);
    if (!part.has(at) || part.expires(at) <= now) return undefined;
    const value = part.value(at);
    if (value >= 0) return value;
    return value % 2 === 0 ? this.#texts.read(value / -2) : this.#objects[(value + 1) / -2];
  }

  set(key: string, value: number | string | T, expires: number): void {
    const part = this.#partOf(key);
    const at = part.place(this.#print);
    if (part.has(at)) this.#forget(part, at);
    else this.#size += 1;
    part.set(at, this.#print, this.#numberOf(value), expires);
  }

  delete(key: string): void {
    const part = this.#partOf(key);
    const at = part.place(this.#print);
    if (part.has(at)) this.#drop(part, at);
  }

  /** Looks at the next places in turn and frees those whose time is over: without a timer, and no single caller pays for all. */
  sweep(looks: number, now: number): void {
    for (let i = 0; i < looks; i += 1) {
      const part = this.#parts[this.#swept.part]!;
      const at = this.#swept.at;
      // Another may have moved up into a place that was freed: it is looked at again.
      if (part.has(at) && part.expires(at) <= now) this.#drop(part, at);
      else if (at + 1 < part.capacity) this.#swept.at += 1;
      else this.#swept = { part: (this.#swept.part + 1) % PARTS, at: 0 };
    }
  }

  #drop(part: Part, at: number): void {
    this.#forget(part, at);
    part.remove(at);
    this.#size -= 1;
  }

  #forget(part: Part, at: number): void {
    const value = part.value(at);
    if (value >= 0) return;
    if (value % 2 === 0) return this.#texts.free(value / -2);
    const place = (value + 1) / -2;
    this.#objects[place] = undefined;
    this.#freeObjects.push(place);
  }

  /** A number as it is; even negative ones name a text, odd ones an object. */
  #numberOf(value: number | string | T): number {
    if (typeof value === 'string') return -2 * this.#texts.write(value);
    if (typeof value !== 'object') return value;
    const place = this.#freeObjects.pop() ?? this.#objects.length;
    this.#objects[place] = value;
    return -2 * place - 1;
  }

  /**
   * The part that a key belongs to; its print is in `#print` then. 92 bits of MurmurHash3's kind, with those that choose the part,
   * under secret seeds: two of a million keys have one print once in 10¹⁶ times.
   */
  #partOf(key: string): Part {
    const seeds = this.#seeds;
    let a = seeds[0]! ^ key.length;
    let b = seeds[1]!;
    let c = seeds[2]!;
    let d = seeds[3]!;
    for (let i = 0; i < key.length; i += 2) {
      // Two of the key's units at once; past its end there is none, which counts as 0.
      const unit = key.charCodeAt(i) | (key.charCodeAt(i + 1) << 16);
      a = b ^ Math.imul(a ^ unit, 597399067);
      b = c ^ Math.imul(b ^ unit, 2869860233);
      c = d ^ Math.imul(c ^ unit, 951274213);
      d = a ^ Math.imul(d ^ unit, 2716044179);
    }
    a = Math.imul(c ^ (a >>> 18), 597399067);
    b = Math.imul(d ^ (b >>> 22), 2869860233);
    c = Math.imul(a ^ (c >>> 17), 951274213);
    d = Math.imul(b ^ (d >>> 19), 2716044179);
    a ^= b ^ c ^ d;
    this.#print[0] = a;
    this.#print[1] = b ^ a;
    this.#print[2] = c ^ a;
    return this.#parts[(d ^ a) & (PARTS - 1)]!;
  }
}
