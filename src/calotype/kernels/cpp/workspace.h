// Memory that is kept from one picture to the next, and the state a backward pass needs from its forward pass.
#pragma once

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

#include "arguments.h"

namespace calotype {

// More memory than the caller allowed would be needed.
struct MemoryLimit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Aligned, uninitialised, grows and never shrinks.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }

  // Room for n elements; what was there is lost when it has to grow.
  T* reserve(size_t n) {
    if (n > capacity_) {
      const size_t wanted = n + n / 4;
      const size_t bytes = (wanted * sizeof(T) + 63) / 64 * 64;
      std::free(data_);
      capacity_ = 0;
      data_ = static_cast<T*>(std::aligned_alloc(64, bytes));
      if (!data_) throw std::bad_alloc();
      capacity_ = wanted;
    }
    return data_;
  }
  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t bytes() const { return capacity_ * sizeof(T); }

 private:
  T* data_ = nullptr;
  size_t capacity_ = 0;
};

// Where every (tile, Gaussian) pair lies: pairs are numbered Gaussian by Gaussian in depth order, so the sums of one Gaussian
// stand side by side; a tile's list names them in the same order.
struct Bins {
  int64_t drawn = 0, pairs = 0;
  Buffer<uint64_t> keys, keys_spare;    // depth and index
  Buffer<uint32_t> order;               // indices, nearest first
  Buffer<DrawnGaussian> gaussians;      // by rank
  Buffer<uint32_t> first_pair;          // by rank, drawn + 1
  Buffer<uint32_t> chunk_tile_counts;   // chunks x tiles
  Buffer<uint32_t> tile_begin;          // tiles + 1
  Buffer<TileEntry> entries;
};

struct Workspace {
  uint64_t generation = 0;              // counts forward passes: an older result can no longer be differentiated
  const KernelTable* level = nullptr;   // of the last forward pass; the backward pass must use the same
  int width = 0, height = 0;
  int64_t n = 0;
  float log2_alpha_min = 0.0f;
  float background[3] = {0.0f, 0.0f, 0.0f};
  Bins bins;
  Buffer<float> states;
  Buffer<TileGradient> gradients;
  Buffer<TileContribution> contributions;
  Buffer<float> loss_planes;
  Buffer<double> loss_rows;

  size_t bytes() const {
    return bins.keys.bytes() + bins.keys_spare.bytes() + bins.order.bytes() + bins.gaussians.bytes() +
           bins.entries.bytes() + states.bytes() + gradients.bytes() + contributions.bytes() + loss_planes.bytes() +
           loss_rows.bytes();
  }
};

}  // namespace calotype
