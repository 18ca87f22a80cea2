#include "dispatch.h"

#include <atomic>
#include <stdexcept>

namespace calotype {

namespace portable { extern const KernelTable kTable; }
#if defined(CALOTYPE_HAS_sse2)
namespace sse2 { extern const KernelTable kTable; }
#endif
#if defined(CALOTYPE_HAS_avx2)
namespace avx2 { extern const KernelTable kTable; }
#endif
#if defined(CALOTYPE_HAS_avx512)
namespace avx512 { extern const KernelTable kTable; }
#endif

namespace {

// The compiler's CPU checks ask the operating system too: whether it saves the wide registers.
std::vector<const KernelTable*> runnable_tables() {
  std::vector<const KernelTable*> tables{&portable::kTable};
#if defined(CALOTYPE_HAS_sse2)
  tables.push_back(&sse2::kTable);
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    tables.push_back(&avx2::kTable);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
      tables.push_back(&avx512::kTable);
    }
  }
#endif
  return tables;
}

std::atomic<const KernelTable*> chosen{nullptr};

}  // namespace

std::vector<std::string> runnable_levels() {
  std::vector<std::string> names;
  for (const KernelTable* table : runnable_tables()) names.emplace_back(table->name);
  return names;
}

const KernelTable& kernels() {
  const KernelTable* table = chosen.load();
  if (table) return *table;
  table = runnable_tables().back();
  chosen.store(table);
  return *table;
}

void choose_level(const std::string& name) {
  std::string known;
  for (const KernelTable* table : runnable_tables()) {
    if (name == table->name) return chosen.store(table);
    known += known.empty() ? table->name : std::string(", ") + table->name;
  }
  throw std::invalid_argument("SIMD level '" + name + "' cannot run here; there are: " + known);
}

}  // namespace calotype
