// The kernels of one SIMD level: CMake compiles this file once per level, with its own flags and namespace.
#include "adam.h"
#include "contributions.h"
#include "loss.h"
#include "prepare.h"
#include "project_backward.h"
#include "raster_backward.h"
#include "raster_forward.h"

#define CALOTYPE_TEXT_OF(x) #x
#define CALOTYPE_TEXT(x) CALOTYPE_TEXT_OF(x)

namespace calotype::CALOTYPE_LEVEL {

extern const KernelTable kTable;
const KernelTable kTable = {CALOTYPE_TEXT(CALOTYPE_LEVEL), project, project_backward, prepare, raster_tile,
                            raster_backward_tile, contributions_tile, loss_split_row, loss_moments_row,
                            loss_gradient_row, adam};

}  // namespace calotype::CALOTYPE_LEVEL
