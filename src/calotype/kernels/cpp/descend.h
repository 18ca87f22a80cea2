// From the gradients of projected Gaussians to a step of their parameters, without an array of gradients in between.
#pragma once

#include "arguments.h"

namespace calotype {

constexpr int kParameters = 5;  // means, quaternions, log scales, logit opacities, harmonics

struct DescendRequest {
  ProjectBackwardArguments backward;  // its outputs are not used
  AdamArguments steps[kParameters];   // their n, grads and mask are not used
  float opacity_penalty, scale_penalty;  // weights of the mean opacity and the mean size, divided by what the mean is over
  int threads;
};

// Returns how many Gaussians were left alone because a gradient of theirs is not finite. The same bits come of it as of
// project_backward and five calls of adam with a mask of the finite rows.
int64_t descend(const DescendRequest& request);

}  // namespace calotype
