#pragma once

#include "changes/xmp_scores.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace piaa::cli {

/// --xmp, which `help` describes, --overwrite-rating, --ignore-rating and --into-originals.
CLI::Option* add_xmp_options(CLI::App& command, XmpScoreOptions& options, const char* help);

/// --label, --keyword, --accept-from, --reject-below; each needs `xmp`.
void add_score_marks(CLI::App& command, ScoreMarks& marks, CLI::Option* xmp);

/// Throws CLI::ValidationError where marks contradict each other.
void check_score_marks(const ScoreMarks& marks);

/// --label, --keyword, --accept, --reject; each needs `xmp`.
void add_pick_marks(CLI::App& command, PickMarks& marks, CLI::Option* xmp);

}  // namespace piaa::cli
