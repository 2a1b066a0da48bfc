#include "run/photo_selection.h"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shell/option_group.h"
#include "shell/score_range.h"

namespace piaa::cli {
namespace {

/// "4", "4,5" or "3-5".
std::set<int> stars_of(const std::string& text) {
    const auto wrong = [&] {
        return CLI::ValidationError("--stars",
                                    "'" + text + "' should be like 5, 4,5 or 3-5, each from 1 to 5");
    };
    std::set<int> stars;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, end - at);
        const bool one = part.size() == 1, range = part.size() == 3 && part[1] == '-';
        if (!one && !range) throw wrong();
        const int low = part.front() - '0', high = part.back() - '0';
        if (low < 1 || high > 5 || low > high) throw wrong();
        for (int each = low; each <= high; ++each) stars.insert(each);
        at = end + 1;
    }
    return stars;
}

}  // namespace

void add_selection_options(CLI::App& command, PhotoSelection& selection) {
    const OptionGroup group(command, "Which of them");
    command.add_option("--min-score", selection.min_score, "Only photos with this score or a better one")
        ->check(score_range());
    command
        .add_option_function<std::string>(
            "--stars", [&selection](const std::string& text) { selection.stars = stars_of(text); },
            "Only photos with exactly these stars: 5, or 4,5, or 3-5")
        ->type_name("N");
}

}  // namespace piaa::cli
