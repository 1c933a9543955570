// What the builds of the kernel have in common: a network in memory, and what can be done with it.
#pragma once

/** One convolution 3 x 3 of stride 1 with zero padding, its bias and ReLU, and perhaps a pooling of 2 x 2. */
struct Layer {
  int side;             // of the square image that comes in
  int in, out;          // channels
  int I, O;             // the same, rounded up to GROUP
  int m;                // outputs of a tile of Winograd's, a side: 4 or 6; 0: directly
  int pool;             // whether a pooling follows
  float *weights, *bias;  // transformed; [O]
  int resultSide() const { return pool ? side / 2 : side; }
  /** Rows and columns that are computed: not those that the pooling drops. */
  int valid() const { return pool ? side / 2 * 2 : side; }
};

constexpr int MOST_LAYERS = 64;
struct Network {
  int count;   // of layers; the last one pools
  int shared;  // layers before this one run image by image, the others by the sub-batch
  int batch;   // images of a sub-batch
  Layer layers[MOST_LAYERS];
};

/** The functions of one build. */
struct Kernel {
  /** Describes a network: side, channels, number of layers; then of each layer channels out, m, pool. */
  void (*plan)(Network *, const int *description);
  /** Floats of all transformed weights. */
  long long (*weightFloats)(const Network *);
  /** Gives the weights their place. */
  void (*attach)(Network *, float *weights);
  /** Transforms a part of a layer's filter HWIO [3, 3, in, out]; the first part also takes the bias [out]. */
  void (*load)(const Network *, int layer, const float *filter, const float *bias, int part, int parts);
  /** Floats that a thread needs for itself. */
  long long (*scratchFloats)(const Network *);
  /** images [n, side, side, channels], n <= batch -> features [n, side', side', out] */
  void (*run)(const Network *, const float *images, int n, float *features, float *scratch);
};
