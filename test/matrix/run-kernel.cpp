// Runs one build of the kernel as a program, for processors that are emulated: reads int32 counts (of the description, of images) and the description, then
// float32 filters and biases layer by layer, then the images; writes the features.
#include <cstdio>
#include <vector>

#include "network.h"

extern const Kernel KERNEL;

template <class T> static std::vector<T> read(size_t count) {
  std::vector<T> values(count);
  if (std::fread(values.data(), sizeof(T), count, stdin) != count) throw "the input is too short";
  return values;
}

int main() {
  auto counts = read<int>(2), description = read<int>(counts[0]);
  static Network net;
  KERNEL.plan(&net, description.data());
  std::vector<float> weights(KERNEL.weightFloats(&net)), scratch(KERNEL.scratchFloats(&net));
  KERNEL.attach(&net, weights.data());
  for (int i = 0; i < net.count; i++) {
    auto filter = read<float>(size_t(9) * net.layers[i].in * net.layers[i].out), bias = read<float>(net.layers[i].out);
    KERNEL.load(&net, i, filter.data(), bias.data(), 0, 1);
  }
  const Layer &first = net.layers[0], &last = net.layers[net.count - 1];
  size_t image = size_t(first.side) * first.side * first.in, row = size_t(last.resultSide()) * last.resultSide() * last.out;
  auto images = read<float>(counts[1] * image);
  std::vector<float> features(counts[1] * row);
  for (int i = 0; i < counts[1]; i += net.batch) {
    int n = counts[1] - i < net.batch ? counts[1] - i : net.batch;
    KERNEL.run(&net, &images[i * image], n, &features[i * row], scratch.data());
  }
  std::fwrite(features.data(), sizeof(float), features.size(), stdout);
}
