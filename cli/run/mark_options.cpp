#include "run/mark_options.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <piaa/parse_number.h>

#include "shell/score_range.h"

namespace piaa::cli {
namespace {

/// "Green>=7,Yellow>=5"
std::vector<LabelRule> label_rules(const std::string& text) {
    const auto wrong = [&] {
        return CLI::ValidationError("--label", "'" + text +
                                                   "' should be labels with the scores from which on they "
                                                   "hold, 1 to 10, like 'Green>=7,Yellow>=5'");
    };
    std::vector<LabelRule> rules;
    for (const std::string& part : CLI::detail::split(text, ',')) {
        const auto at = part.find(">=");
        if (at == std::string::npos || at == 0) throw wrong();
        const std::string label = CLI::detail::trim_copy(part.substr(0, at));
        const auto from = parse_number<double>(CLI::detail::trim_copy(part.substr(at + 2)));
        if (label.empty() || !from || !(*from >= 1 && *from <= 10)) throw wrong();
        for (const LabelRule& other : rules)
            if (other.from == *from)
                throw CLI::ValidationError("--label", "'" + text + "' names two labels for one score");
        rules.push_back({label, *from});
    }
    return rules;
}

bool has_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; });
}

std::string keyword_prefix(const std::string& text) {
    if (text.empty() || text.find_first_of("<>&\"',;|/") != std::string::npos || has_control(text))
        throw CLI::ValidationError("--keyword",
                                   "'" + text + "' should be a word that keywords begin with, like piaa:");
    return text;
}

std::string label_name(const std::string& text) {
    constexpr std::size_t longest = 64;
    const bool blank = text.find_first_not_of(' ') == std::string::npos;
    if (blank || text.size() > longest || text.find_first_of("<>=,") != std::string::npos ||
        has_control(text))
        throw CLI::ValidationError(
            "--label", "'" + text.substr(0, longest) + "' should be the name of a colour label, like Green");
    return text;
}

void add_keyword(CLI::App& command, std::string& keyword, const char* type, const char* help,
                 CLI::Option* xmp) {
    command
        .add_option_function<std::string>(
            "--keyword", [&keyword](const std::string& text) { keyword = keyword_prefix(text); }, help)
        ->type_name(type)
        ->needs(xmp);
}

}  // namespace

CLI::Option* add_xmp_options(CLI::App& command, XmpScoreOptions& options, const char* help) {
    auto* xmp = command.add_flag("--xmp", options.write, help);
    command
        .add_flag("--overwrite-rating", options.overwrite_rating,
                  "Replace stars that somebody gave, in the sidecar; by a rejection where one is asked for")
        ->needs(xmp);
    command
        .add_option("--ignore-rating", options.ignored,
                    "As many stars are nobody's opinion, as darktable's one star, and give way")
        ->type_name("STARS")
        ->check(CLI::Range(1, 5))
        ->needs(xmp);
    command
        .add_flag("--into-originals", options.into_originals,
                  "Write into the photos themselves where they are JPEG or PNG, not beside them")
        ->needs(xmp);
    return xmp;
}

void add_score_marks(CLI::App& command, ScoreMarks& marks, CLI::Option* xmp) {
    command
        .add_option_function<std::string>(
            "--label", [&marks](const std::string& text) { marks.labels = label_rules(text); },
            "Colour labels by score where nobody set one, like 'Green>=7,Yellow>=5'; the highest score that "
            "is reached counts")
        ->type_name("LABELS")
        ->needs(xmp);
    add_keyword(command, marks.keyword, "PREFIX",
                "A keyword that begins like this and ends with the score's whole points: piaa:7", xmp);
    const auto add_limit = [&](const char* name, std::optional<double>& limit, const char* help) {
        command
            .add_option_function<double>(
                name, [&limit](const double& score) { limit = score; }, help)
            ->type_name("SCORE")
            ->check(score_range())
            ->needs(xmp);
    };
    add_limit("--accept-from", marks.accept_from,
              "Flag photos with this score or a better one as accepted in digiKam, where nobody set a flag");
    add_limit(
        "--reject-below", marks.reject_below,
        "Mark photos with a lower score as rejected (rating -1, and digiKam's flag), where nobody rated "
        "or flagged them");
}

void check_score_marks(const ScoreMarks& marks) {
    if (marks.accept_from && marks.reject_below && *marks.accept_from < *marks.reject_below)
        throw CLI::ValidationError("--reject-below",
                                   "is a higher score than that of --accept-from and should not be: what "
                                   "lies between is to be accepted and rejected");
}

void add_pick_marks(CLI::App& command, PickMarks& marks, CLI::Option* xmp) {
    command
        .add_option_function<std::string>(
            "--label", [&marks](const std::string& text) { marks.label = label_name(text); },
            "Colour label of the chosen photos where nobody set one, like Green")
        ->type_name("LABEL")
        ->needs(xmp);
    add_keyword(command, marks.keyword, "WORD", "A keyword for the chosen photos, like best", xmp);
    command
        .add_flag("--accept", marks.accept,
                  "Flag the chosen photos as accepted in digiKam, where nobody set a flag")
        ->needs(xmp);
    command
        .add_flag(
            "--reject", marks.reject,
            "Mark the others as rejected (rating -1, and digiKam's flag), where nobody rated or flagged "
            "them")
        ->needs(xmp)
        ->excludes("--cover");
}

}  // namespace piaa::cli
