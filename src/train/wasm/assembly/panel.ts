/*
 * A panel holds 16 units of a layer, one cache line of float32 for each input: weights [inputs + 1, 16], the biases last. A layer of
 * 256 units is 16 panels. One panel with its optimizer's state fits in a processor's second-level cache, and 16 units are four
 * vector registers, so that sums stay in registers.
 */

/** Bytes of one input's weights in a panel, and of one image's values. */
export const ROW: usize = 64;
