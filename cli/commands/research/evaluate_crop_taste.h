#pragma once

#include <iosfwd>

#include "commands/research/evaluate_crop.h"

namespace piaa::cli {

/// Whether crops to a person's taste are better to that person: on each photo the best crop for each profile
/// and the one for nobody in particular, cut out and scored anew from their own pixels. Returns an ExitCode.
/// Throws Error(bad_argument) for profiles of different models.
int evaluate_crop_taste(const EvaluateCropOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
