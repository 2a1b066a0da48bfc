#pragma once

#include "changes/xmp_marks.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace piaa::cli {

/// --label, --keyword, --accept-from, --reject-below; each needs `xmp`.
void add_mark_options(CLI::App& command, XmpMarks& marks, CLI::Option* xmp);

}  // namespace piaa::cli
