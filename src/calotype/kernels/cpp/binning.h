// Sort Gaussians by depth and list, for each tile, those whose visible ellipse meets it.
#pragma once

#include "workspace.h"

namespace calotype {

struct BinArguments {
  ProjectedArrays projected;
  int tiles_x, tiles_y;
  float log2_alpha_min, alpha_min;
  int64_t memory_limit_bytes;
  int threads;
};

// Fills `bins`. The result does not depend on the number of threads. Throws MemoryLimit when the pairs, with the
// gradients they will need, exceed the limit.
void bin(const KernelTable& level, const BinArguments& a, Bins& bins);

}  // namespace calotype
