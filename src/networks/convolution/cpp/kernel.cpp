// One build of the kernel: networks of convolutions 3 x 3 and poolings 2 x 2, block by block (a block ends with a pooling), large images in bands of rows.
// Compiled once for each kind of processor; every sum has one order and every rounding is written out (-ffp-contract=off), so that all give the same bytes.
#include "direct.h"

namespace {
/** Floats of a map inside a block; what is larger is computed in bands of rows. All of 256 x 256 x 64. */
constexpr long MOST_INSIDE = 1 << 22;

long roundUp(long value, long to) { return (value + to - 1) / to * to; }
long larger(long a, long b) { return a > b ? a : b; }

/** Tiles of one row or column of a layer's output; a layer that is computed directly has tiles of two rows, for a pooling. */
int edgeOf(const Layer &layer) { return layer.m ? layer.m : 2; }
int tileRows(const Layer &layer) { return (layer.valid() + edgeOf(layer) - 1) / edgeOf(layer); }

/** The first layer of the block after the one that begins at `first`. */
int blockEnd(const Network &net, int first) {
  while (!net.layers[first].pool) first++;
  return first + 1;
}

/** Rows [from, to) of tiles of each layer of a block. */
struct Ranges {
  int from[MOST_LAYERS], to[MOST_LAYERS];
  /** What the last layer's rows [from, to) of tiles need of the layers before it. Tiles begin where they would in the whole image: bands do not change a byte. */
  Ranges(const Network &net, int first, int end, int last, int lastEnd) {
    from[end - 1] = last, to[end - 1] = lastEnd;
    for (int i = end - 2; i >= first; i--) {
      int edge = edgeOf(net.layers[i]), after = edgeOf(net.layers[i + 1]), top = from[i + 1] * after - 1, bottom = to[i + 1] * after + 1;
      from[i] = (top < 0 ? 0 : top) / edge;
      to[i] = (int)((bottom > net.layers[i].side ? net.layers[i].side : bottom) + edge - 1) / edge;
    }
  }
};

/** Rows of tiles of a block's last layer that are computed at once. */
int bandOf(const Network &net, int first, int end, int images) {
  const Layer &last = net.layers[end - 1];
  long most = MOST_INSIDE / ((long)images * last.side * last.O);
  if (most >= last.side) return tileRows(last);
  long band = (most - 2 * (end - first)) / edgeOf(last);
  return band < 1 ? 1 : (int)band;
}

/** The map that layer i of a block fills: its rows of tiles. The memory has place for whole tiles, the map has the rows of the image alone. */
Map insideMap(const Layer &layer, const Ranges &ranges, int i, float *at) {
  int edge = edgeOf(layer), top = ranges.from[i] * edge, bottom = ranges.to[i] * edge;
  return {at, layer.side, layer.O, top, (bottom > layer.side ? layer.side : bottom) - top};
}

/** What a thread needs for itself: places in its memory, counted from `at`. */
struct Scratch {
  float *image, *whole[2], *gathered, *inside[2];
  Buffers buffers;
  long long floats;
  Scratch(const Network &net, float *at) {
    long long whole_ = 0, gathered_ = 0, inside_ = 0, v = 0, m = 0, zeros = 0;
    for (int first = 0, end; first < net.count; first = end) {
      end = blockEnd(net, first);
      int images = first < net.shared ? 1 : net.batch, band = bandOf(net, first, end, images), rows = tileRows(net.layers[end - 1]);
      const Layer &last = net.layers[end - 1];
      long long result = (long long)images * last.resultSide() * last.resultSide() * last.O;
      (end == net.shared ? gathered_ : whole_) = larger(end == net.shared ? result * net.batch : whole_, result);
      for (int from = 0; from < rows; from += band) {
        Ranges ranges(net, first, end, from, from + band < rows ? from + band : rows);
        for (int i = first; i < end; i++) {
          const Layer &layer = net.layers[i];
          inside_ = larger(inside_, (long)images * insideMap(layer, ranges, i, nullptr).rows * layer.side * layer.O);
          int points = (layer.m + 2) * (layer.m + 2), tiles = images * (ranges.to[i] - ranges.from[i]) * tileRows(layer);
          if (layer.m) tiles = tilesAtOnce(layer, tiles);
          v = larger(v, points * ((long)tiles * layer.I + SKEW));
          m = larger(m, points * ((long)tiles * layer.O + SKEW));
          zeros = larger(zeros, layer.I);
        }
      }
    }
    const Layer &first = net.layers[0];
    long long used = 0;
    auto place = [&](long long size) {
      float *here = at + used;
      used += roundUp(size, 64) + 64;
      return here;
    };
    image = place((first.side + 2L) * borderedSide(first.side) * first.in);
    for (int i = 0; i < 2; i++) whole[i] = place(whole_), inside[i] = place(inside_);
    gathered = place(gathered_);
    float *none = place(zeros);
    buffers = {place(v), place(m), none};
    floats = used;
  }
};

/** One block of n images: `in` is what the block before made of them, or nothing and the bordered image; `out` [n, side / 2, side / 2, O]. */
void runBlock(const Network &net, int first, int end, int n, const Map &in, const Map &out, const Scratch &scratch, int never) {
  int band = bandOf(net, first, end, first < net.shared ? 1 : net.batch), rows = tileRows(net.layers[end - 1]);
  for (int from = 0; from < rows; from += band) {
    Ranges ranges(net, first, end, from, from + band < rows ? from + band : rows);
    Map before = in;
    for (int i = first; i < end; i++) {
      const Layer &layer = net.layers[i];
      bool last = i == end - 1;
      Map to = last && layer.m ? out : insideMap(layer, ranges, i, scratch.inside[i % 2]);
      if (layer.m == 4) convolve<4>(layer, before, to, n, ranges.from[i], ranges.to[i], scratch.buffers, never);
      if (layer.m == 6) convolve<6>(layer, before, to, n, ranges.from[i], ranges.to[i], scratch.buffers, never);
      if (layer.m == 0) convolveDirectly(layer, scratch.image, to, to.top, to.top + to.rows);
      if (layer.m == 0 && last) poolRows(to, out, to.top / 2, (to.top + to.rows) / 2);
      before = to;
    }
  }
}

void run(const Network *network, const float *images, int n, float *features, float *memory) {
  const Network &net = *network;
  Scratch scratch(net, memory);
  volatile int zero = 0;  // which no compiler knows, see product.h
  int never = zero;
  __builtin_memset(const_cast<float *>(scratch.buffers.zeros), 0, sizeof(float) * (scratch.buffers.v - scratch.buffers.zeros));
  const Layer &head = net.layers[0], &tail = net.layers[net.count - 1];
  /** What the block that ends before layer `end` makes of the images: the part for each image ends where the part for all begins. */
  auto result = [&](int end, int block) {
    const Layer &last = net.layers[end - 1];
    return Map{end == net.shared ? scratch.gathered : scratch.whole[block % 2], last.resultSide(), last.O, 0, last.resultSide()};
  };
  int block = 0;
  auto runBlocks = [&](int first, int end, int count, int slot) {
    for (int next; first < end; first = next, block++) {
      next = blockEnd(net, first);
      Map in = first ? result(first, block - 1) : Map{}, out = result(next, block);
      if (next == net.shared) out.at = out.pixel(slot, 0, 0);
      runBlock(net, first, next, count, in, out, scratch, never);
    }
  };
  for (int i = 0; i < n; i++) {
    addBorder(images + (long)i * head.side * head.side * head.in, head.side, head.in, scratch.image);
    block = 0;
    runBlocks(0, net.shared, 1, i);
  }
  runBlocks(net.shared, net.count, n, 0);
  Map last = result(net.count, block - 1);
  for (int p = 0; p < n * last.side * last.side; p++)
    __builtin_memcpy(features + (long)p * tail.out, last.at + (long)p * tail.O, sizeof(float) * tail.out);
}

long long floatsOf(const Layer &layer) { return layer.m ? (layer.m + 2LL) * (layer.m + 2) * layer.I * layer.O : 9LL * layer.in * layer.O; }

void plan(Network *net, const int *description) {
  int side = *description++, in = *description++;
  net->batch = *description++;
  net->count = *description++;
  for (int i = 0; i < net->count; i++) {
    int out = *description++, m = *description++, pool = *description++;
    net->layers[i] = {side, in, out, (int)roundUp(in, GROUP), (int)roundUp(out, GROUP), i ? m : 0, pool, nullptr, nullptr};
    side = net->layers[i].resultSide(), in = out;
  }
  // From the block on in which an image has fewer activations than there are weights, images share the reading of those.
  net->shared = blockEnd(*net, 0);
  for (int end; net->shared < net->count; net->shared = end) {
    end = blockEnd(*net, net->shared);
    long long weights = 0, activations = 0;
    for (int i = net->shared; i < end; i++) {
      const Layer &layer = net->layers[i];
      weights = larger(weights, floatsOf(layer)), activations = larger(activations, (long)layer.side * layer.side * layer.O);
    }
    if (activations < weights) break;
  }
}

long long weightFloats(const Network *net) {
  long long sum = 0;
  for (int i = 0; i < net->count; i++) sum += roundUp(floatsOf(net->layers[i]), 16) + net->layers[i].O;
  return sum;
}

void attach(Network *net, float *weights) {
  for (int i = 0; i < net->count; i++) {
    Layer &layer = net->layers[i];
    layer.weights = weights, layer.bias = weights + roundUp(floatsOf(layer), 16);
    weights = layer.bias + layer.O;
  }
}

void load(const Network *net, int index, const float *filter, const float *bias, int part, int parts) {
  const Layer &layer = net->layers[index];
  if (part == 0)
    for (int o = 0; o < layer.O; o++) layer.bias[o] = o < layer.out ? bias[o] : 0;
  int from = layer.I * part / parts, to = layer.I * (part + 1) / parts;
  if (layer.m == 4) transformFilters<4>(filter, layer.in, layer.out, layer.I, layer.O, from, to, layer.weights);
  if (layer.m == 6) transformFilters<6>(filter, layer.in, layer.out, layer.I, layer.O, from, to, layer.weights);
  if (layer.m == 0 && part == 0)
    for (int tap = 0; tap < 9 * layer.in; tap++)
      for (int o = 0; o < layer.O; o++) layer.weights[(long)tap * layer.O + o] = o < layer.out ? filter[(long)tap * layer.out + o] : 0;
}

long long scratchFloats(const Network *net) { return Scratch(*net, nullptr).floats; }
}  // namespace

#ifdef __wasm__
// WebAssembly's linear memory is laid out by memory.ts: numbers of bytes and addresses, both below 4 GiB.
#define EXPORT(name) extern "C" __attribute__((export_name(#name)))
extern "C" unsigned char __heap_base;
EXPORT(heap) unsigned heap() { return (unsigned)(unsigned long)&__heap_base; }
EXPORT(networkBytes) unsigned networkBytes() { return sizeof(Network); }
EXPORT(plan) void exportedPlan(Network *net, const int *description) { plan(net, description); }
EXPORT(weightBytes) double weightBytes(const Network *net) { return 4. * weightFloats(net); }
EXPORT(scratchBytes) double scratchBytes(const Network *net) { return 4. * scratchFloats(net); }
EXPORT(attach) void exportedAttach(Network *net, float *weights) { attach(net, weights); }
EXPORT(load) void exportedLoad(const Network *net, int layer, const float *filter, const float *bias, int part, int parts) { load(net, layer, filter, bias, part, parts); }
EXPORT(run) void exportedRun(const Network *net, const float *images, int n, float *features, float *scratch) { run(net, images, n, features, scratch); }
/** (1 + 2^-12)^2 - (1 + 2^-11): 2^-24 where a multiplication and an addition round once, 0 where they round twice. */
EXPORT(fusedResidue) float fusedResidue(float x, float y) {
  float lanes[LANES];
  store(lanes, fma(splat(x), splat(x), splat(y)));
  return lanes[0];
}
#else
/** This build, under the name that the compiler was given. */
extern const Kernel KERNEL;
const Kernel KERNEL = {plan, weightFloats, attach, load, scratchFloats, run};
#endif
