// The Python face of the kernels. Shapes are checked in calotype/kernels/__init__.py; types and layout here, by nanobind.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <optional>
#include <tuple>

#include "dispatch.h"
#include "launch.h"
#include "thread_pool.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Floats = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;
using FloatsOut = nb::ndarray<float, nb::c_contig, nb::device::cpu>;
using DoublesOut = nb::ndarray<double, nb::c_contig, nb::device::cpu>;
using Bytes = nb::ndarray<const uint8_t, nb::c_contig, nb::device::cpu>;
using BytesOut = nb::ndarray<uint8_t, nb::c_contig, nb::device::cpu>;

// A workspace serves one call at a time; the lock makes a mistake slow instead of fatal.
struct PyWorkspace {
  calotype::Workspace state;
  std::mutex lock;
};

const float* data_or_null(const std::optional<Floats>& a) { return a ? a->data() : nullptr; }

calotype::ProjectArguments scene(const std::array<Floats, 5>& parameters, int degree, const std::array<double, 12>& pose,
                                 const std::array<double, 4>& intrinsics, std::tuple<int, int> size, float near_z,
                                 float alpha_min, bool antialiased) {
  calotype::ProjectArguments a{};
  a.n = int64_t(parameters[0].shape(0));
  a.coefficients = int(parameters[4].shape(1));
  a.degree = degree;
  a.means = parameters[0].data();
  a.quats = parameters[1].data();
  a.log_scales = parameters[2].data();
  a.logit_opacities = parameters[3].data();
  a.sh = parameters[4].data();
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) a.R[3 * r + c] = float(pose[size_t(4 * r + c)]);
    a.t[r] = float(pose[size_t(4 * r + 3)]);
  }
  for (int c = 0; c < 3; ++c) {  // -R^T t
    double centre = 0.0;
    for (int r = 0; r < 3; ++r) centre -= pose[size_t(4 * r + c)] * pose[size_t(4 * r + 3)];
    a.centre[c] = float(centre);
  }
  a.fx = float(intrinsics[0]);
  a.fy = float(intrinsics[1]);
  a.cx = float(intrinsics[2]);
  a.cy = float(intrinsics[3]);
  std::tie(a.width, a.height) = size;
  a.near_z = near_z;
  a.alpha_min = alpha_min;
  a.antialiased = antialiased;
  return a;
}

void project(const std::array<Floats, 5>& parameters, int degree, const std::array<double, 12>& pose,
             const std::array<double, 4>& intrinsics, std::tuple<int, int> size, float near_z, float alpha_min,
             bool antialiased, const std::array<FloatsOut, 6>& outputs, BytesOut visible, int threads) {
  calotype::ProjectArguments a = scene(parameters, degree, pose, intrinsics, size, near_z, alpha_min, antialiased);
  a.xy = outputs[0].data();
  a.conic = outputs[1].data();
  a.depth = outputs[2].data();
  a.opacity = outputs[3].data();
  a.rgb = outputs[4].data();
  a.radii = outputs[5].data();
  a.visible = visible.data();
  nb::gil_scoped_release release;
  calotype::project(a, threads);
}

void project_backward(const std::array<Floats, 5>& parameters, int degree, const std::array<double, 12>& pose,
                      const std::array<double, 4>& intrinsics, std::tuple<int, int> size, float near_z, float alpha_min,
                      bool antialiased, Floats rgb, Bytes visible, const std::array<Floats, 5>& gradients,
                      const std::array<FloatsOut, 5>& outputs, int threads) {
  calotype::ProjectBackwardArguments b{};
  b.forward = scene(parameters, degree, pose, intrinsics, size, near_z, alpha_min, antialiased);
  // The backward pass only reads these two; the argument block is shared with the forward pass, which writes them.
  b.forward.rgb = const_cast<float*>(rgb.data());
  b.forward.visible = const_cast<uint8_t*>(visible.data());
  b.d_xy = gradients[0].data();
  b.d_conic = gradients[1].data();
  b.d_opacity = gradients[2].data();
  b.d_rgb = gradients[3].data();
  b.d_depth = gradients[4].data();
  b.d_means = outputs[0].data();
  b.d_quats = outputs[1].data();
  b.d_log_scales = outputs[2].data();
  b.d_logit_opacities = outputs[3].data();
  b.d_sh = outputs[4].data();
  nb::gil_scoped_release release;
  calotype::project_backward(b, threads);
}

calotype::ProjectedArrays projected_arrays(const std::array<Floats, 5>& p, const Bytes& visible) {
  return {int64_t(p[0].shape(0)), p[0].data(), p[1].data(), p[2].data(), p[3].data(), p[4].data(), visible.data()};
}

// Returns the generation of the workspace that this picture belongs to.
uint64_t rasterize(PyWorkspace& workspace, const std::array<Floats, 5>& projected, Bytes visible, std::tuple<int, int> size,
                   float alpha_min, const std::array<float, 3>& background, int64_t memory_limit_bytes, FloatsOut rgb,
                   FloatsOut alpha, std::optional<FloatsOut> depth, int threads) {
  calotype::RasterizeRequest r{};
  r.projected = projected_arrays(projected, visible);
  std::tie(r.width, r.height) = size;
  r.alpha_min = alpha_min;
  for (size_t c = 0; c < 3; ++c) r.background[c] = background[c];
  r.memory_limit_bytes = memory_limit_bytes;
  r.threads = threads;
  r.rgb = rgb.data();
  r.alpha = alpha.data();
  r.depth = depth ? depth->data() : nullptr;
  nb::gil_scoped_release release;
  std::lock_guard<std::mutex> lock(workspace.lock);
  calotype::rasterize(r, workspace.state);
  return workspace.state.generation;
}

void check_current(const PyWorkspace& workspace, uint64_t generation, int64_t n) {
  if (workspace.state.generation != generation) {
    throw std::runtime_error(
        "this picture's workspace has drawn another one since; call the backward pass first, or use a second Workspace");
  }
  if (workspace.state.n != n) throw std::invalid_argument("these are not the Gaussians this picture was drawn from");
}

void rasterize_backward(PyWorkspace& workspace, uint64_t generation, const std::array<Floats, 5>& projected, Bytes visible,
                        Floats d_rgb, std::optional<Floats> d_alpha, std::optional<Floats> d_depth,
                        const std::array<FloatsOut, 5>& outputs, std::optional<FloatsOut> absolute_xy, int threads) {
  calotype::RasterizeBackwardRequest r{};
  r.projected = projected_arrays(projected, visible);
  r.d_rgb = d_rgb.data();
  r.d_alpha = data_or_null(d_alpha);
  r.d_depth = data_or_null(d_depth);
  r.d_xy = outputs[0].data();
  r.d_conic = outputs[1].data();
  r.d_opacity = outputs[2].data();
  r.d_colour = outputs[3].data();
  r.d_z = outputs[4].data();
  r.absolute_xy = absolute_xy ? absolute_xy->data() : nullptr;
  r.threads = threads;
  nb::gil_scoped_release release;
  std::lock_guard<std::mutex> lock(workspace.lock);
  check_current(workspace, generation, r.projected.n);
  calotype::rasterize_backward(r, workspace.state);
}

void contributions(PyWorkspace& workspace, uint64_t generation, Floats error, FloatsOut weight_sum, FloatsOut error_sum,
                   FloatsOut max_weight, int threads) {
  const calotype::ContributionsRequest r{error.data(), weight_sum.data(), error_sum.data(), max_weight.data(),
                                         int64_t(weight_sum.shape(0)), threads};
  nb::gil_scoped_release release;
  std::lock_guard<std::mutex> lock(workspace.lock);
  check_current(workspace, generation, r.n);
  calotype::contributions(r, workspace.state);
}

std::tuple<double, double, double> l1_ssim(PyWorkspace& workspace, Floats image, std::optional<Floats> target,
                                           std::optional<Bytes> target_bytes, std::optional<Floats> weights,
                                           std::optional<Floats> colour, float ssim_weight, FloatsOut d_image,
                                           std::optional<DoublesOut> d_colour, int threads) {
  calotype::LossArguments a{};
  a.height = int(image.shape(0));
  a.width = int(image.shape(1));
  a.image = image.data();
  a.target = data_or_null(target);
  a.target_bytes = target_bytes ? target_bytes->data() : nullptr;
  a.weights = data_or_null(weights);
  a.colour = data_or_null(colour);
  a.ssim_weight = ssim_weight;
  a.d_image = d_image.data();
  nb::gil_scoped_release release;
  std::lock_guard<std::mutex> lock(workspace.lock);
  const calotype::LossValue loss = calotype::l1_ssim(a, workspace.state, threads);
  if (d_colour) std::copy(loss.d_colour, loss.d_colour + 12, d_colour->data());
  return {loss.value, loss.l1, loss.ssim};
}

void adam(FloatsOut params, Floats grads, FloatsOut m, FloatsOut v, Floats lr, int columns, double beta1, double beta2,
          float eps, int64_t step, std::optional<Bytes> mask, int threads) {
  calotype::AdamArguments a{};
  a.n = int64_t(params.shape(0));
  a.columns = columns;
  a.params = params.data();
  a.grads = grads.data();
  a.m = m.data();
  a.v = v.data();
  a.lr = lr.data();
  a.beta1 = float(beta1);
  a.beta2 = float(beta2);
  a.one_minus_beta1 = float(1.0 - beta1);
  a.one_minus_beta2 = float(1.0 - beta2);
  a.eps = eps;
  a.correction1 = float(1.0 / (1.0 - std::pow(beta1, double(step))));
  a.correction2 = float(1.0 / (1.0 - std::pow(beta2, double(step))));
  a.mask = mask ? mask->data() : nullptr;
  nb::gil_scoped_release release;
  calotype::adam(a, threads);
}

}  // namespace

NB_MODULE(_native, m) {
  m.attr("__doc__") = "Calotype's CPU kernels.";
  nb::register_exception_translator(
      [](const std::exception_ptr& error, void*) {
        try {
          std::rethrow_exception(error);
        } catch (const calotype::MemoryLimit& limit) {
          PyErr_SetString(PyExc_MemoryError, limit.what());
        }
      });
  nb::class_<PyWorkspace>(m, "Workspace")
      .def(nb::init<>())
      .def_prop_ro("nbytes", [](const PyWorkspace& w) { return w.state.bytes(); })
      .def_prop_ro("pairs", [](const PyWorkspace& w) { return w.state.bins.pairs; });
  m.def("simd_levels", &calotype::runnable_levels);
  m.def("simd_level", [] { return std::string(calotype::kernels().name); });
  m.def("set_simd_level", &calotype::choose_level, "name"_a);
  m.def("usable_cores", &calotype::usable_cores);
  m.def("project", &project);
  m.def("project_backward", &project_backward);
  m.def("rasterize", &rasterize);
  m.def("rasterize_backward", &rasterize_backward);
  m.def("contributions", &contributions);
  m.def("l1_ssim", &l1_ssim);
  m.def("adam", &adam);
}
