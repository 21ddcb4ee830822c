/**
 * A map from text to a number, a text or an object, with the time at which each entry may go: 20 bytes an entry and its text lie
 * outside of the heap, where a `Map` takes some 200 and the collector walks over all of them. It knows no counters, and no clock.
 */
import { randomInt } from 'node:crypto';
import { StringArena } from './string-arena.js';

/** Of one entry, in 32-bit words: two of its key's print, the lower ones of its time and its value, and what is left of all three. */
const WORDS = 5;
/** How many bits of the last word are the time's, and above them the value's; the print has the other ten. */
const [TIME, VALUE] = [10, 12];
/** 42 bits of milliseconds last until the year 2109. */
const LATEST = 2 ** (32 + TIME) - 1;
const PARTS = 64;
const SMALLEST = 16;
/** So full a part may get before it grows, and by how much it does then at least. */
const [FULL, GROWTH] = [0.8, 1.25];
/** Entries in one slab, as a power of two, since places are taken apart by shifting. */
const EACH = 9;
const SLAB = 2 ** EACH;

/**
 * Entries in slabs of one size; many small parts grow one after another, and no request waits while all is moved. What one leaves
 * behind as it grows is `spare` for the next, where arrays of many sizes would fit into no hole that another has left.
 */
export class Segment {
  readonly #spare: Uint32Array[];
  #slabs: Uint32Array[] = [new Uint32Array(SMALLEST * WORDS)];
  #capacity = SMALLEST;
  #used = 0;

  constructor(spare: Uint32Array[] = []) {
    this.#spare = spare;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Where the entry with this print is, or the free place where it belongs. */
  probe(keyHash: Uint32Array): number {
    for (let at = this.#home(keyHash[0]!); ; at = this.#after(at)) {
      const slab = this.#slabs[at >>> EACH]!;
      const from = (at & (SLAB - 1)) * WORDS;
      if (isFree(slab, from)) return at;
      const same = slab[from] === keyHash[0] && slab[from + 1] === keyHash[1];
      if (same && slab[from + 4]! >>> (TIME + VALUE) === keyHash[2]! >>> (TIME + VALUE)) return at;
    }
  }

  has(at: number): boolean {
    return !isFree(this.#slabs[at >>> EACH]!, (at & (SLAB - 1)) * WORDS);
  }

  expires(at: number): number {
    const slab = this.#slabs[at >>> EACH]!;
    const from = (at & (SLAB - 1)) * WORDS;
    return timeOf(slab[from + 4]!) * 2 ** 32 + slab[from + 2]!;
  }

  value(at: number): number {
    const slab = this.#slabs[at >>> EACH]!;
    const from = (at & (SLAB - 1)) * WORDS;
    return valueOf(slab[from + 4]!) * 2 ** 32 + slab[from + 3]!;
  }

  /** Writes at a place that `place` has found for this print. The value is a whole number of 44 bits. */
  set(at: number, keyHash: Uint32Array, value: number, expires: number): void {
    const slab = this.#slabs[at >>> EACH]!;
    const from = (at & (SLAB - 1)) * WORDS;
    const added = isFree(slab, from);
    const time = Math.min(Math.max(1, Math.ceil(expires)), LATEST);
    slab[from] = keyHash[0]!;
    slab[from + 1] = keyHash[1]!;
    // The array itself keeps the lower 32 bits.
    slab[from + 2] = time;
    slab[from + 3] = value;
    const rest = (keyHash[2]! >>> (TIME + VALUE)) << VALUE;
    slab[from + 4] = ((rest | (value / 2 ** 32)) << TIME) | (time / 2 ** 32);
    if (!added) return;
    this.#used += 1;
    if (this.#used > this.#capacity * FULL) this.#grow();
  }

  /** Frees a place, and moves those up that had to go past it (Knuth, volume 3, 6.4, algorithm R). */
  remove(at: number): void {
    let free = at;
    for (let next = this.#after(free); this.has(next); next = this.#after(next)) {
      const home = this.#home(this.#entry(next)[0]!);
      if (this.#distance(home, next) < this.#distance(free, next)) continue;
      this.#entry(free).set(this.#entry(next));
      free = next;
    }
    this.#entry(free).fill(0);
    this.#used -= 1;
  }

  #entry(at: number): Uint32Array {
    const from = (at & (SLAB - 1)) * WORDS;
    return this.#slabs[at >>> EACH]!.subarray(from, from + WORDS);
  }

  /** Where an entry belongs, by the first word of its print. */
  #home(keyHash: number): number {
    return Math.floor((keyHash / 2 ** 32) * this.#capacity);
  }

  #after(at: number): number {
    return at + 1 === this.#capacity ? 0 : at + 1;
  }

  /** How many places on, around the end. */
  #distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.#capacity;
  }

  #grow(): void {
    const old = this.#slabs;
    const wanted = Math.ceil(this.#capacity * GROWTH);
    if (wanted <= SLAB) this.#slabs = [new Uint32Array(wanted * WORDS)];
    else {
      const count = Math.ceil(wanted / SLAB);
      this.#slabs = Array.from({ length: count }, () => this.#spare.pop() ?? new Uint32Array(SLAB * WORDS));
    }
    this.#capacity = wanted <= SLAB ? wanted : this.#slabs.length * SLAB;
    for (const slab of old) {
      for (let from = 0; from < slab.length; from += WORDS) {
        if (isFree(slab, from)) continue;
        // Moved as it is: only its place is another, and none of those before it is the same.
        let at = this.#home(slab[from]!);
        while (this.has(at)) at = this.#after(at);
        const to = (at & (SLAB - 1)) * WORDS;
        for (let i = 0; i < WORDS; i += 1) this.#slabs[at >>> EACH]![to + i] = slab[from + i]!;
      }
      if (slab.length === SLAB * WORDS) this.#spare.push(slab.fill(0));
    }
  }
}

/** A free place has the time 0, which no entry has. */
const isFree = (slab: Uint32Array, from: number): boolean => slab[from + 2] === 0 && timeOf(slab[from + 4]!) === 0;
const timeOf = (last: number): number => last & (2 ** TIME - 1);
const valueOf = (last: number): number => (last >>> TIME) & (2 ** VALUE - 1);

/** From here on values name a text, and from there on an object; below they are numbers. */
const [TEXT, OBJECT] = [2 ** 42, 2 ** 43];

/** Whether a number is one that a {@link CompactMap} keeps as it is: whole, not negative, and of 42 bits, as a time is. */
export const isPackable = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < TEXT;

/** The map. Numbers that do not fit cannot be kept; objects are kept as they are, on the heap. */
export class CompactMap<T extends object> {
  readonly #spare: Uint32Array[] = [];
  readonly #parts = Array.from({ length: PARTS }, () => new Segment(this.#spare));
  readonly #texts = new StringArena();
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
    return part.has(part.probe(this.#print));
  }

  /** What stands under `key`, unless its time is over. */
  get(key: string, now: number): number | string | T | undefined {
    const part = this.#partOf(key);
    const at = part.probe(this.#print);
    if (!part.has(at) || part.expires(at) <= now) return undefined;
    const value = part.value(at);
    if (value >= OBJECT) return this.#objects[value - OBJECT];
    return value >= TEXT ? this.#texts.read(value - TEXT) : value;
  }

  set(key: string, value: number | string | T, expires: number): void {
    const part = this.#partOf(key);
    const at = part.probe(this.#print);
    if (part.has(at)) this.#forget(part, at);
    else this.#size += 1;
    part.set(at, this.#print, this.#numberOf(value), expires);
  }

  delete(key: string): void {
    const part = this.#partOf(key);
    const at = part.probe(this.#print);
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

  #drop(part: Segment, at: number): void {
    this.#forget(part, at);
    part.remove(at);
    this.#size -= 1;
  }

  #forget(part: Segment, at: number): void {
    const value = part.value(at);
    if (value >= OBJECT) {
      this.#objects[value - OBJECT] = undefined;
      this.#freeObjects.push(value - OBJECT);
    } else if (value >= TEXT) this.#texts.free(value - TEXT);
  }

  #numberOf(value: number | string | T): number {
    if (typeof value === 'string') return TEXT + this.#texts.write(value);
    if (typeof value !== 'object') return value;
    const place = this.#freeObjects.pop() ?? this.#objects.length;
    this.#objects[place] = value;
    return OBJECT + place;
  }

  /**
   * The part that a key belongs to; its print is in `#print` then. 80 bits of MurmurHash3's kind, with those that choose the part,
   * under secret seeds: two of a million keys have one print once in 10¹² times.
   */
  #partOf(key: string): Segment {
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
