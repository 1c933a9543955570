// The kernel as an addon for Node.js: networks, whose threads compute while JavaScript does something else.
#include <node_api.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "network.h"

#define STRING(x) #x
#define STRING_OF(x) STRING(x)

#if defined(__x86_64__)
extern const Kernel kernel_avx512, kernel_avx2;
#else
extern const Kernel kernel_neon;
#endif

namespace {
struct Build {
  const char *name;
  const Kernel *kernel;
};

/** The builds that run on this processor, the fastest first. */
std::vector<Build> builds() {
  std::vector<Build> found;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return found;
  if (__builtin_cpu_supports("avx512f")) found.push_back({"avx512", &kernel_avx512});
  found.push_back({"avx2", &kernel_avx2});
#else
  found.push_back({"neon", &kernel_neon});
#endif
  return found;
}

struct Free {
  void operator()(float *memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<float, Free>;

/** Memory from the start of a large page, of which Linux is asked to make it: it is given out faster, and found faster. */
Memory allocate(long long floats) {
  constexpr size_t PAGE = 1 << 21;
  size_t bytes = (floats * sizeof(float) + PAGE - 1) / PAGE * PAGE;
  auto *memory = static_cast<float *>(std::aligned_alloc(PAGE, bytes));
#ifdef __linux__
  if (memory) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return Memory(memory);
}

/** Work in parts, each done by one thread; at the end a promise is kept. */
struct Job {
  std::function<void(int part, float *scratch)> work;
  int parts, next = 0, done = 0;
  napi_deferred promise = nullptr;
  std::vector<napi_ref> arrays = {};  // which must live until then
};

/** A network, its threads, and the jobs that they take parts of, in order. */
struct Convolution {
  const Kernel *kernel;
  Network network;
  Memory weights;
  std::vector<Memory> scratch;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job *> jobs;
  bool closed = false;
  int pending = 0;  // jobs whose promises are not kept: known to JavaScript's thread alone
  napi_threadsafe_function ended = nullptr;

  void work(float *memory) {
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return closed || !jobs.empty(); });
      if (closed) return;
      Job *job = jobs.front();
      int part = job->next++;
      if (job->next == job->parts) jobs.pop_front();
      lock.unlock();
      job->work(part, memory);
      lock.lock();
      if (++job->done == job->parts) napi_call_threadsafe_function(ended, job, napi_tsfn_blocking);
    }
  }

  void close() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (closed) return;
      closed = true;
    }
    wake.notify_all();
    for (auto &thread : threads) thread.join();
    weights.reset();
    scratch.clear();
    napi_release_threadsafe_function(ended, napi_tsfn_abort);
  }
};

void keep(napi_env env, napi_value, void *context, void *data) {
  std::unique_ptr<Job> job(static_cast<Job *>(data));
  auto *convolution = static_cast<Convolution *>(context);
  if (!env) return;
  for (napi_ref array : job->arrays) napi_delete_reference(env, array);
  if (--convolution->pending == 0) napi_unref_threadsafe_function(env, convolution->ended);
  napi_value nothing;
  napi_get_undefined(env, &nothing);
  napi_resolve_deferred(env, job->promise, nothing);
}

/** The arguments of a call from JavaScript. */
struct Arguments {
  napi_env env;
  napi_value values[4];
  Arguments(napi_env env, napi_callback_info info) : env(env) {
    size_t count = 4;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }
  Convolution *convolution() const {
    void *data = nullptr;
    napi_get_value_external(env, values[0], &data);
    return static_cast<Convolution *>(data);
  }
  int number(int i) const {
    int value = 0;
    napi_get_value_int32(env, values[i], &value);
    return value;
  }
  template <class T> T *array(int i) const {
    void *data = nullptr;
    napi_get_typedarray_info(env, values[i], nullptr, nullptr, &data, nullptr, nullptr);
    return static_cast<T *>(data);
  }
};

napi_value submit(const Arguments &arguments, std::unique_ptr<Job> job, std::initializer_list<int> arrays) {
  Convolution *convolution = arguments.convolution();
  napi_env env = arguments.env;
  napi_value promise;
  napi_create_promise(env, &job->promise, &promise);
  for (int i : arrays) napi_create_reference(env, arguments.values[i], 1, &job->arrays.emplace_back());
  if (convolution->pending++ == 0) napi_ref_threadsafe_function(env, convolution->ended);
  {
    std::lock_guard<std::mutex> lock(convolution->mutex);
    convolution->jobs.push_back(job.release());
  }
  convolution->wake.notify_all();
  return promise;
}

void closeLater(void *convolution) { static_cast<Convolution *>(convolution)->close(); }

/** create(build: string, description: Int32Array, threads: number): a convolution */
napi_value create(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  char name[16] = "";
  napi_get_value_string_utf8(env, arguments.values[0], name, sizeof name, nullptr);
  auto convolution = std::make_unique<Convolution>();
  for (const Build &build : builds())
    if (build.name == std::string(name)) convolution->kernel = build.kernel;
  if (!convolution->kernel) return napi_throw_error(env, nullptr, "this processor cannot run that build"), nullptr;
  const Kernel &kernel = *convolution->kernel;
  kernel.plan(&convolution->network, arguments.array<int>(1));
  convolution->weights = allocate(kernel.weightFloats(&convolution->network));
  for (int i = 0; i < arguments.number(2); i++) convolution->scratch.push_back(allocate(kernel.scratchFloats(&convolution->network)));
  for (const Memory &memory : convolution->scratch)
    if (!memory || !convolution->weights) return napi_throw_range_error(env, nullptr, "no memory for the network"), nullptr;
  kernel.attach(&convolution->network, convolution->weights.get());
  napi_value label, external;
  napi_create_string_utf8(env, "convolution", NAPI_AUTO_LENGTH, &label);
  napi_create_threadsafe_function(env, nullptr, nullptr, label, 0, 1, nullptr, nullptr, convolution.get(), keep, &convolution->ended);
  napi_unref_threadsafe_function(env, convolution->ended);
  for (const Memory &memory : convolution->scratch) convolution->threads.emplace_back(&Convolution::work, convolution.get(), memory.get());
  // Node.js ends the function that threads call before it finalizes objects; a hook of later date comes before that.
  napi_add_env_cleanup_hook(env, closeLater, convolution.get());
  auto finalize = [](napi_env env, void *data, void *) {
    std::unique_ptr<Convolution> unused(static_cast<Convolution *>(data));
    napi_remove_env_cleanup_hook(env, closeLater, data);
    unused->close();
  };
  napi_create_external(env, convolution.release(), finalize, nullptr, &external);
  return external;
}

/** load(convolution, layer: number, filter: Float32Array, bias: Float32Array): Promise<void> */
napi_value load(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Convolution *c = arguments.convolution();
  int layer = arguments.number(1), parts = static_cast<int>(c->threads.size());
  const float *filter = arguments.array<float>(2), *bias = arguments.array<float>(3);
  auto work = [=](int part, float *) { c->kernel->load(&c->network, layer, filter, bias, part, parts); };
  return submit(arguments, std::unique_ptr<Job>(new Job{work, parts}), {2, 3});
}

/** run(convolution, images: Float32Array, n: number, features: Float32Array): Promise<void> */
napi_value run(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Convolution *c = arguments.convolution();
  const Layer &first = c->network.layers[0], &last = c->network.layers[c->network.count - 1];
  int n = arguments.number(2), threads = static_cast<int>(c->threads.size()), share = (n + threads - 1) / threads;
  if (share > c->network.batch) share = c->network.batch;
  size_t image = static_cast<size_t>(first.side) * first.side * first.in, row = static_cast<size_t>(last.resultSide()) * last.resultSide() * last.out;
  const float *images = arguments.array<float>(1);
  float *features = arguments.array<float>(3);
  auto work = [=](int part, float *scratch) {
    int start = part * share, count = n - start < share ? n - start : share;
    c->kernel->run(&c->network, images + start * image, count, features + start * row, scratch);
  };
  return submit(arguments, std::unique_ptr<Job>(new Job{work, (n + share - 1) / share}), {1, 3});
}

/** close(convolution): ends the threads and frees the memory; jobs that have not begun are dropped. */
napi_value close(napi_env env, napi_callback_info info) {
  Arguments(env, info).convolution()->close();
  return nullptr;
}

napi_value initialize(napi_env env, napi_value exports) {
  napi_value value, names;
  napi_create_string_utf8(env, STRING_OF(SOURCES), NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, exports, "sources", value);
  napi_create_array(env, &names);
  for (const Build &build : builds()) {
    uint32_t length;
    napi_get_array_length(env, names, &length);
    napi_create_string_utf8(env, build.name, NAPI_AUTO_LENGTH, &value);
    napi_set_element(env, names, length, value);
  }
  napi_set_named_property(env, exports, "builds", names);
  const struct {
    const char *name;
    napi_callback function;
  } functions[] = {{"create", create}, {"load", load}, {"run", run}, {"close", close}};
  for (auto [name, function] : functions) {
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  return exports;
}
}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, initialize)
