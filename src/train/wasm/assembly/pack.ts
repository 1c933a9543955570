import { ROW } from "./panel";

/*
 * Features are mostly zero (72 % of VGG16's): a batch is packed into lists of what is not, once by image for the forward pass and
 * once by input for the gradient. An entry is 8 bytes: the offset of a panel's row it multiplies, and the value.
 */

/**
 * Packs a batch by image.
 * @param x [n, inputs]. @param entries the list, bias included. @param ends [n], the address of each image's end in the list.
 */
export function packImages(x: usize, n: u32, inputs: u32, entries: usize, ends: usize): void {
  const bias: usize = <usize>inputs * ROW;
  for (let b: u32 = 0; b < n; b++) {
    for (let offset: usize = 0; offset < bias; offset += ROW) {
      const value = load<f32>(x);
      store<u32>(entries, <u32>offset);
      store<f32>(entries, value, 4);
      entries += (<usize>(value != 0)) << 3; // without a branch, which would be guessed wrong a third of the time
      x += 4;
    }
    store<u32>(entries, <u32>bias);
    store<f32>(entries, 1, 4);
    entries += 8;
    store<u32>(ends, <u32>entries);
    ends += 4;
  }
}

/**
 * Packs a batch by input; for each input also how much its optimizer's state has decayed since the input was last seen.
 * @param seen [inputs + 1], the number of the step in which each input was last not zero everywhere.
 * @param powers [last + 1], powers of the decay; older state counts as `last` steps old.
 * @param columns [inputs + 1, 2], the address of each input's end in the list, and its decay.
 */
export function packInputs(
  x: usize,
  n: u32,
  inputs: u32,
  entries: usize,
  columns: usize,
  step: u32,
  seen: usize,
  powers: usize,
  last: u32,
): void {
  const stride: usize = (<usize>inputs) << 2;
  const end: usize = <usize>n * ROW;
  for (let i: u32 = 0; i <= inputs; i++) {
    const start = entries;
    let value = x + ((<usize>i) << 2);
    for (let offset: usize = 0; offset < end; offset += ROW) {
      const v: f32 = i < inputs ? load<f32>(value) : 1; // the bias
      store<u32>(entries, <u32>offset);
      store<f32>(entries, v, 4);
      entries += (<usize>(v != 0)) << 3;
      value += stride;
    }
    store<u32>(columns, <u32>entries);
    if (entries > start) {
      const age = min(step - load<u32>(seen), last);
      store<f32>(columns, load<f32>(powers + ((<usize>age) << 2)), 4);
      store<u32>(seen, step);
    }
    columns += 8;
    seen += 4;
  }
}
