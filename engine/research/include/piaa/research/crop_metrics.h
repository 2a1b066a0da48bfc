#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <piaa/crop.h>
#include <piaa/research/generic_metrics.h>

namespace piaa {

/// One box a photo against the boxes people drew on it, at least one each, over all photos:
///   iou       mean over a photo's people of the overlap (intersection over union)
///   best_iou  with the person who agrees most
///   bde       boundary displacement: mean distance of the four edges as a share of the side, lowest over
///   people gain      of iou over `baseline`; the interval is paired
/// Intervals draw photos. Throws Error(bad_argument) when the lists differ in length or nobody drew a box.
PIAA_API std::vector<Metric> box_metrics(std::span<const Box> chosen,
                                         std::span<const std::vector<Box>> people,
                                         std::span<const Box> baseline, const BootstrapOptions& options = {});

/// The same for the people themselves: each box against the others of its photo; photos with one are left
/// out.
PIAA_API std::vector<Metric> people_metrics(std::span<const std::vector<Box>> people,
                                            const BootstrapOptions& options = {});

/// ACC_k/N of Zeng et al., "Grid anchor based image cropping" (2019): the share of the k crops predicted best
/// whose opinion score is at least that of the N-th best. NaN for no crops.
PIAA_API double top_accuracy(std::span<const double> predicted, std::span<const double> given, std::size_t k,
                             std::size_t n);

}  // namespace piaa
