/**
 * A map from strings to numbers, strings or objects, whose entries expire. An entry takes 20 bytes outside the heap, plus its
 * string; in a `Map` it would take some 200 bytes, and the garbage collector would visit each. It has no clock and no timer.
 */
import { randomInt } from 'node:crypto';
import { StringArena } from './string-arena.js';

/** 32-bit words of an entry: two of the key's hash, the low words of the expiry and of the value, and one with the high bits of all three. */
const WORDS = 5;
/** Bits of the last word: the lowest belong to the expiry, the next to the value, and the other ten to the key's hash. */
const [TIME_BITS, VALUE_BITS] = [10, 12];
/** The latest expiry: 42 bits of milliseconds reach to the year 2109. */
const MAX_EXPIRES = 2 ** (32 + TIME_BITS) - 1;
const SEGMENTS = 64;
const INITIAL_CAPACITY = 16;
/** How full a segment gets before it grows, and the factor by which it grows at least. */
const [MAX_LOAD, GROWTH] = [0.8, 1.25];
/** Entries of a slab: a power of two, so that a shift splits an index into slab and offset. */
const SLAB_BITS = 9;
const SLAB_SIZE = 2 ** SLAB_BITS;

/**
 * One of the hash tables of the map, with linear probing. Many small tables grow one after another, so that no request waits
 * while everything is moved. The entries are in slabs of one size, so that a segment can reuse the slabs that another left.
 */
export class Segment {
  readonly #spareSlabs: Uint32Array[];
  #slabs: Uint32Array[] = [new Uint32Array(INITIAL_CAPACITY * WORDS)];
  #capacity = INITIAL_CAPACITY;
  #size = 0;

  constructor(spareSlabs: Uint32Array[] = []) {
    this.#spareSlabs = spareSlabs;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** The index of the entry with this hash, or the free index where it belongs. */
  probe(keyHash: Uint32Array): number {
    for (let at = this.#homeOf(keyHash[0]!); ; at = this.#next(at)) {
      const slab = this.#slabs[at >>> SLAB_BITS]!;
      const from = (at & (SLAB_SIZE - 1)) * WORDS;
      if (isFree(slab, from)) return at;
      const same = slab[from] === keyHash[0] && slab[from + 1] === keyHash[1];
      if (same && slab[from + 4]! >>> (TIME_BITS + VALUE_BITS) === keyHash[2]! >>> (TIME_BITS + VALUE_BITS)) return at;
    }
  }

  has(at: number): boolean {
    return !isFree(this.#slabs[at >>> SLAB_BITS]!, (at & (SLAB_SIZE - 1)) * WORDS);
  }

  expires(at: number): number {
    const slab = this.#slabs[at >>> SLAB_BITS]!;
    const from = (at & (SLAB_SIZE - 1)) * WORDS;
    return timeOf(slab[from + 4]!) * 2 ** 32 + slab[from + 2]!;
  }

  value(at: number): number {
    const slab = this.#slabs[at >>> SLAB_BITS]!;
    const from = (at & (SLAB_SIZE - 1)) * WORDS;
    return valueOf(slab[from + 4]!) * 2 ** 32 + slab[from + 3]!;
  }

  /** Writes an entry at the index that `probe` has returned for this hash. The value is an integer of 44 bits. */
  set(at: number, keyHash: Uint32Array, value: number, expires: number): void {
    const slab = this.#slabs[at >>> SLAB_BITS]!;
    const from = (at & (SLAB_SIZE - 1)) * WORDS;
    const added = isFree(slab, from);
    const time = Math.min(Math.max(1, Math.ceil(expires)), MAX_EXPIRES);
    slab[from] = keyHash[0]!;
    slab[from + 1] = keyHash[1]!;
    // The array keeps only the low 32 bits.
    slab[from + 2] = time;
    slab[from + 3] = value;
    const rest = (keyHash[2]! >>> (TIME_BITS + VALUE_BITS)) << VALUE_BITS;
    slab[from + 4] = ((rest | (value / 2 ** 32)) << TIME_BITS) | (time / 2 ** 32);
    if (!added) return;
    this.#size += 1;
    if (this.#size > this.#capacity * MAX_LOAD) this.#grow();
  }

  /** Removes an entry, and closes the gap with entries that probed past it (Knuth, volume 3, 6.4, algorithm R). */
  remove(at: number): void {
    let free = at;
    for (let next = this.#next(free); this.has(next); next = this.#next(next)) {
      const home = this.#homeOf(this.#entry(next)[0]!);
      if (this.#distance(home, next) < this.#distance(free, next)) continue;
      this.#entry(free).set(this.#entry(next));
      free = next;
    }
    this.#entry(free).fill(0);
    this.#size -= 1;
  }

  #entry(at: number): Uint32Array {
    const from = (at & (SLAB_SIZE - 1)) * WORDS;
    return this.#slabs[at >>> SLAB_BITS]!.subarray(from, from + WORDS);
  }

  /** The index where probing begins, from the first word of the hash. */
  #homeOf(keyHash: number): number {
    return Math.floor((keyHash / 2 ** 32) * this.#capacity);
  }

  #next(at: number): number {
    return at + 1 === this.#capacity ? 0 : at + 1;
  }

  /** The distance between two indexes, wrapping around the end. */
  #distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.#capacity;
  }

  #grow(): void {
    const old = this.#slabs;
    const wanted = Math.ceil(this.#capacity * GROWTH);
    if (wanted <= SLAB_SIZE) this.#slabs = [new Uint32Array(wanted * WORDS)];
    else {
      const count = Math.ceil(wanted / SLAB_SIZE);
      this.#slabs = Array.from({ length: count }, () => this.#spareSlabs.pop() ?? new Uint32Array(SLAB_SIZE * WORDS));
    }
    this.#capacity = wanted <= SLAB_SIZE ? wanted : this.#slabs.length * SLAB_SIZE;
    for (const slab of old) {
      for (let from = 0; from < slab.length; from += WORDS) {
        if (isFree(slab, from)) continue;
        // Copied unchanged. No two entries are equal, so the first free index is the right one.
        let at = this.#homeOf(slab[from]!);
        while (this.has(at)) at = this.#next(at);
        const to = (at & (SLAB_SIZE - 1)) * WORDS;
        for (let i = 0; i < WORDS; i += 1) this.#slabs[at >>> SLAB_BITS]![to + i] = slab[from + i]!;
      }
      if (slab.length === SLAB_SIZE * WORDS) this.#spareSlabs.push(slab.fill(0));
    }
  }
}

/** A free index has the expiry 0, which no entry has. */
const isFree = (slab: Uint32Array, from: number): boolean => slab[from + 2] === 0 && timeOf(slab[from + 4]!) === 0;
const timeOf = (last: number): number => last & (2 ** TIME_BITS - 1);
const valueOf = (last: number): number => (last >>> TIME_BITS) & (2 ** VALUE_BITS - 1);

/** Values from STRING on refer to a string, and from OBJECT on to an object. Smaller ones are numbers. */
const [STRING, OBJECT] = [2 ** 42, 2 ** 43];

/** Whether a {@link CompactMap} can store this number: an integer of 42 bits, not negative, such as a time. */
export const isPackable = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < STRING;

/** The map. Numbers must be {@link isPackable}. Objects stay on the heap. */
export class CompactMap<T extends object> {
  readonly #spareSlabs: Uint32Array[] = [];
  readonly #segments = Array.from({ length: SEGMENTS }, () => new Segment(this.#spareSlabs));
  readonly #strings = new StringArena();
  readonly #objects: (T | undefined)[] = [];
  readonly #freeObjects: number[] = [];
  /** Random, so that nobody can choose keys that collide. */
  readonly #seeds = Uint32Array.from({ length: 4 }, () => randomInt(2 ** 32));
  readonly #keyHash = new Uint32Array(3);
  #sweepPosition = { segment: 0, at: 0 };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    const segment = this.#segmentOf(key);
    return segment.has(segment.probe(this.#keyHash));
  }

  /** The value under `key`, or undefined if there is none or it has expired. */
  get(key: string, now: number): number | string | T | undefined {
    const segment = this.#segmentOf(key);
    const at = segment.probe(this.#keyHash);
    if (!segment.has(at) || segment.expires(at) <= now) return undefined;
    const value = segment.value(at);
    if (value >= OBJECT) return this.#objects[value - OBJECT];
    return value >= STRING ? this.#strings.read(value - STRING) : value;
  }

  set(key: string, value: number | string | T, expires: number): void {
    const segment = this.#segmentOf(key);
    const at = segment.probe(this.#keyHash);
    if (segment.has(at)) this.#freeValue(segment, at);
    else this.#size += 1;
    segment.set(at, this.#keyHash, this.#pack(value), expires);
  }

  delete(key: string): void {
    const segment = this.#segmentOf(key);
    const at = segment.probe(this.#keyHash);
    if (segment.has(at)) this.#removeAt(segment, at);
  }

  /** Checks the next `count` indexes, from where it last stopped, and removes expired entries. So no call pays for a whole sweep. */
  sweep(count: number, now: number): void {
    for (let i = 0; i < count; i += 1) {
      const segment = this.#segments[this.#sweepPosition.segment]!;
      const at = this.#sweepPosition.at;
      // Removing may move another entry to this index, so it is checked again.
      if (segment.has(at) && segment.expires(at) <= now) this.#removeAt(segment, at);
      else if (at + 1 < segment.capacity) this.#sweepPosition.at += 1;
      else this.#sweepPosition = { segment: (this.#sweepPosition.segment + 1) % SEGMENTS, at: 0 };
    }
  }

  #removeAt(segment: Segment, at: number): void {
    this.#freeValue(segment, at);
    segment.remove(at);
    this.#size -= 1;
  }

  #freeValue(segment: Segment, at: number): void {
    const value = segment.value(at);
    if (value >= OBJECT) {
      this.#objects[value - OBJECT] = undefined;
      this.#freeObjects.push(value - OBJECT);
    } else if (value >= STRING) this.#strings.free(value - STRING);
  }

  #pack(value: number | string | T): number {
    if (typeof value === 'string') return STRING + this.#strings.write(value);
    if (typeof value !== 'object') return value;
    const index = this.#freeObjects.pop() ?? this.#objects.length;
    this.#objects[index] = value;
    return OBJECT + index;
  }

  /**
   * Hashes a key into `#keyHash` and returns its segment. The hash is like MurmurHash3 with secret seeds. With the bits that
   * choose the segment it has 80: among a million keys, two have the same hash with a probability of 10⁻¹².
   */
  #segmentOf(key: string): Segment {
    const seeds = this.#seeds;
    let a = seeds[0]! ^ key.length;
    let b = seeds[1]!;
    let c = seeds[2]!;
    let d = seeds[3]!;
    for (let i = 0; i < key.length; i += 2) {
      // Two UTF-16 units at once. Past the end `charCodeAt` is NaN, which counts as 0.
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
    this.#keyHash[0] = a;
    this.#keyHash[1] = b ^ a;
    this.#keyHash[2] = c ^ a;
    return this.#segments[(d ^ a) & (SEGMENTS - 1)]!;
  }
}
