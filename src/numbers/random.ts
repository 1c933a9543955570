import { createHash } from "node:crypto";

/**
 * A seeded random generator: xoshiro128** (https://prng.di.unimi.it/xoshiro128starstar.c), its state the first 128 bits of the
 * SHA-256 of seed and stream name. Every purpose draws from a stream of its own, so that one more draw here shifts nothing there.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param stream names the purpose, e.g. `new Random(1, "poison", "cats")`. */
  constructor(seed: number, ...stream: (string | number)[]) {
    const digest = createHash("sha256")
      .update(JSON.stringify([seed, ...stream]))
      .digest();
    this.#state = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i));
  }

  /** The generator in a given state of four 32-bit words, as the reference implementation takes it. */
  static fromState(words: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    random.#state.set(words);
    return random;
  }

  /** 32 random bits, an integer in [0, 2^32). */
  bits(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  float(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  /** A uniform integer in [0, below), by rejection: no value is favoured. */
  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) throw new RangeError(`integer(${below})`);
    const limit = 2 ** 32 - (2 ** 32 % below);
    for (;;) {
      const value = this.bits();
      if (value < limit) return value % below;
    }
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  /** 0 … n-1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i] as number;
      order[i] = order[j] as number;
      order[j] = held;
    }
    return order;
  }
}
