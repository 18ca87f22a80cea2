// Which SIMD levels were compiled, which this processor can run, and which is in use.
#pragma once

#include <string>
#include <vector>

#include "arguments.h"

namespace calotype {

std::vector<std::string> runnable_levels();        // slowest first
const KernelTable& kernels();                      // those in use; the fastest runnable ones unless chosen otherwise
void choose_level(const std::string& name);        // throws std::invalid_argument for what cannot run here

}  // namespace calotype
