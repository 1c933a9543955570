// Features are mostly zero (72 % of VGG16's): a batch is packed into lists of what is not, once by image for the forward pass and once by input for the gradient.
#pragma once
#include "panel.h"

namespace {
/** An input of the layer, in a batch. */
struct Column {
  Address end;   // of its entries
  float decay;   // by which its optimizer's state has shrunk since the input was last seen
};

/** Appends an entry unless its value is zero: without a branch, which would be guessed wrong a third of the time. */
INLINE void append(Entry *&entries, Address offset, float value) {
  *entries = {offset, value};
  entries += value != 0;
}

constexpr Address ROW = UNITS * sizeof(float);

/** Packs a batch x [n, inputs] by image, bias included. @param ends [n], the end of each image's entries. */
void packImages(const float *x, unsigned n, unsigned inputs, Entry *entries, Address *ends) {
  for (unsigned b = 0; b < n; b++) {
    for (unsigned i = 0; i < inputs; i++) append(entries, i * ROW, *x++);
    append(entries, inputs * ROW, 1);
    ends[b] = (Address)entries;
  }
}

/**
 * Packs a batch x [n, inputs] by input, the bias last.
 * @param columns [inputs + 1]. @param seen [inputs + 1], the number of the step in which each input was last not zero everywhere.
 * @param powers [last + 1], powers of the decay; older state counts as `last` steps old.
 */
void packInputs(const float *x, unsigned n, unsigned inputs, Entry *entries, Column *columns, unsigned step, unsigned *seen, const float *powers, unsigned last) {
  for (unsigned i = 0; i <= inputs; i++) {
    const Entry *start = entries;
    for (unsigned b = 0; b < n; b++) append(entries, b * ROW, i < inputs ? x[b * inputs + i] : 1);
    columns[i].end = (Address)entries;
    if (entries == start) continue;
    unsigned age = step - seen[i];
    columns[i].decay = powers[age < last ? age : last];
    seen[i] = step;
  }
}
}  // namespace
