// Stands in for Node's own header, from which node-canvas takes this one constant. All else it does through Node-API, so the
// addon needs no Node headers and serves every Node version. 4 GiB is the limit of Node 20; newer ones allow more.
#pragma once
#include <cstdint>

namespace node::Buffer {
constexpr std::uint64_t kMaxLength = UINT64_C(1) << 32;
}
