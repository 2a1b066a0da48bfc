#include "commands/profile_compare.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/attribute_preferences.h>
#include <piaa/base_model.h>
#include <piaa/error.h>
#include <piaa/statistics.h>

#include "console/counted.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "feedback/migrate_profile.h"
#include "report/attribute_words.h"
#include "run/photo_options.h"
#include "run/scorer.h"
#include "shell/option_group.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

/// A photo in the eyes of both.
struct Seen {
    std::string path;
    double first = 0, second = 0;
    double difference() const { return first - second; }
};

struct Comparison {
    std::vector<Seen> photos;  ///< those on which they differ most first
    double agreement = 0;      ///< rank correlation
    /// What the first likes more than the second; negative effects the other way round.
    std::vector<AttributePreference> tastes;
};

std::vector<AttributePreference> tastes_of(const Scorer& person) {
    return attribute_preferences(*person.prior(), *person.profile());
}

/// Of attributes that both profiles can speak of, the largest difference first.
std::vector<AttributePreference> differences(const std::vector<AttributePreference>& first,
                                             const std::vector<AttributePreference>& second) {
    std::vector<AttributePreference> all;
    for (const auto& one : first)
        for (const auto& other : second)
            if (one.attribute == other.attribute && one.deviation > 0 && other.deviation > 0)
                all.push_back(
                    {one.attribute, one.effect - other.effect, std::hypot(one.deviation, other.deviation)});
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return std::abs(a.effect) > std::abs(b.effect); });
    return all;
}

Comparison compared(const ProfileCompareOptions& options, const Scorer& first, const Scorer& second,
                    std::ostream& err) {
    Comparison result;
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    std::vector<double> scores, others;
    for (const NamedFeatures& photo : photos_below(options.images, first.model(), run)) {
        if (!photo.features.flags.empty()) continue;
        result.photos.push_back(
            {photo.name, first.score(photo.features).score, second.score(photo.features).score});
        scores.push_back(result.photos.back().first);
        others.push_back(result.photos.back().second);
    }
    if (result.photos.size() < 2)
        throw Error(ErrorCode::bad_data, options.images.string() + ": holds " +
                                             counted(result.photos.size(), "photo") +
                                             " that can be compared, and should hold two at least");
    result.agreement = spearman(scores, others);
    std::stable_sort(result.photos.begin(), result.photos.end(), [](const Seen& a, const Seen& b) {
        return std::abs(a.difference()) > std::abs(b.difference());
    });
    result.tastes = differences(tastes_of(first), tastes_of(second));
    return result;
}

/// What the first likes more than the second; the other way round in the opposite words.
void tell_tastes(const Comparison& comparison, const std::string& first, const std::string& second,
                 std::ostream& out) {
    std::size_t told = 0;
    for (const auto& taste : comparison.tastes) {
        if (!taste.significant()) continue;
        const AttributeWords& words = words_of(taste.attribute);
        out << (told++ == 0 ? first + " likes more than " + second + ": " : ", ")
            << (taste.effect > 0 ? words.much : words.little)
            << fmt::format(" ({:+.2f})", std::abs(taste.effect));
    }
    if (told > 0)
        out << ".\n(In points from 1 to 10, for a photo that clearly has more of it than most.)\n";
    else
        out << "No taste in which they differ can be told yet.\n";
}

std::string name_below(const boost::filesystem::path& folder, const std::string& photo) {
    boost::filesystem::path whole = boost::filesystem::absolute(folder).lexically_normal();
    if (whole.filename() == ".") whole = whole.parent_path();  // "." itself, and "photos/"
    return boost::filesystem::path(photo).lexically_normal().lexically_relative(whole).string();
}

void tell(const ProfileCompareOptions& options, const Comparison& comparison, std::ostream& out) {
    const std::string first = printable(options.first.filename().string()),
                      second = printable(options.second.filename().string());
    out << first << " and " << second << " put " << counted(comparison.photos.size(), "photo")
        << fmt::format(" in an order that agrees by {:.2f} (1 is the same order, 0 is chance).\n",
                       comparison.agreement);
    tell_tastes(comparison, first, second, out);
    out << "They disagree most on (" << first << ", " << second << ", difference), in "
        << printable(options.images.string()) << ":\n";
    for (std::size_t i = 0; i < std::min(options.top, comparison.photos.size()); ++i) {
        const Seen& photo = comparison.photos[i];
        out << fmt::format("{:6.2f}  {:5.2f}  {:+5.2f}  {}\n", photo.first, photo.second, photo.difference(),
                           printable(name_below(options.images, photo.path)));
    }
}

Json as_json(const ProfileCompareOptions& options, const Comparison& comparison) {
    Json json = {{"first", percent_escaped(options.first.string())},
                 {"second", percent_escaped(options.second.string())},
                 {"photos", comparison.photos.size()},
                 {"agreement", comparison.agreement},
                 {"tastes", Json::array()},
                 {"disagreements", Json::array()}};
    for (const auto& taste : comparison.tastes)
        json["tastes"].push_back({{"attribute", attribute_name(taste.attribute)},
                                  {"effect", taste.effect},
                                  {"deviation", taste.deviation},
                                  {"clear", taste.significant()}});
    for (std::size_t i = 0; i < std::min(options.top, comparison.photos.size()); ++i) {
        const Seen& photo = comparison.photos[i];
        json["disagreements"].push_back({{"path", percent_escaped(photo.path)},
                                         {"first", photo.first},
                                         {"second", photo.second},
                                         {"difference", photo.difference()}});
    }
    return json;
}

}  // namespace

void add_profile_compare(CLI::App& profile, std::function<void(const ProfileCompareOptions&)> run) {
    auto* command =
        profile.add_subcommand("compare", "Where two people's tastes differ, in words and on photos");
    auto options = std::make_shared<ProfileCompareOptions>();
    options->terminal = find_terminal();
    for (const auto& [name, file, help] :
         {std::tuple{"FIRST", &options->first, "A person's profile, such as ann.pt"},
          std::tuple{"SECOND", &options->second, "Another one's, on the same model"}})
        command
            ->add_option_function<std::string>(
                name, [file = file](const std::string& path) { *file = path; }, help)
            ->required()
            ->type_name("");
    add_path_option(*command, "--images", options->images, "The photos that both are asked about", "DIR")
        ->required();
    command->add_option("--top", options->top, "So many photos on which they disagree most")
        ->capture_default_str();
    add_model_options(*command, options->model, options->device);
    add_path_option(*command, "--prior", options->prior,
                    "The prior that both were learned with, if not the shipped one");
    add_answer_format(*command, options->json);
    add_cache_options(*command, options->cache);
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_profile_compare(const ProfileCompareOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] {
        const Scorer first(
            {.model = options.model, .device = options.device, .user = options.first, .prior = options.prior},
            options.cache.use);
        const Scorer second(first.model(), options.second, options.prior);
        const Comparison comparison = compared(options, first, second, err);
        if (options.json)
            out << as_json(options, comparison).dump(2) << '\n';
        else
            tell(options, comparison, out);
        return int{done};
    });
}

}  // namespace piaa::cli
