#include "commands/research/evaluate_agreement.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/research/agreement.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "console/output.h"
#include "report/metric_table.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shown = 5;  ///< of each end; JSON has all

Json number(double value) {
    if (std::isnan(value)) return nullptr;
    return std::round(value * 1e6) / 1e6;
}

Json report_of(const RatingsAgreement& agreement) {
    Json report{{"figures", Json::object()}, {"raters", Json::array()}, {"photos", Json::array()}};
    for (const auto& metric : agreement.metrics)
        report["figures"][metric.name] = {{"value", number(metric.value)},
                                          {"low", number(metric.interval.low)},
                                          {"high", number(metric.interval.high)}};
    for (const auto& rater : agreement.raters)
        report["raters"].push_back({{"rater", percent_escaped(rater.rater)},
                                    {"photos", rater.photos},
                                    {"srocc", number(rater.srocc)},
                                    {"same_side", number(rater.same_side)},
                                    {"bias", number(rater.bias)}});
    for (const auto& photo : agreement.photos)
        report["photos"].push_back({{"image", percent_escaped(photo.image)},
                                    {"ratings", photo.ratings},
                                    {"mean", number(photo.mean)},
                                    {"deviation", number(photo.deviation)},
                                    {"majority", number(photo.majority)}});
    return report;
}

void write_photos(std::ostream& out, const char* title, const std::vector<PhotoAgreement>& photos) {
    out << title << '\n';
    for (std::size_t i = 0; i < std::min(shown, photos.size()); ++i)
        out << fmt::format("  mean {:5.2f}  deviation {:4.2f}  majority {:3.0f} %  {}\n", photos[i].mean,
                           photos[i].deviation, 100 * photos[i].majority, printable(photos[i].image));
}

void write_raters(std::ostream& out, const char* title, const std::vector<RaterAgreement>& raters) {
    out << title << '\n';
    for (std::size_t i = 0; i < std::min(shown, raters.size()); ++i)
        out << fmt::format("  srocc {:6.3f}  same side {:3.0f} %  bias {:+5.2f}  {}\n", raters[i].srocc,
                           100 * raters[i].same_side, raters[i].bias, printable(raters[i].rater));
}

void write_text(std::ostream& out, RatingsAgreement agreement) {
    write_metric_table(out, {{std::to_string(agreement.raters.size()) + " people, " +
                                  std::to_string(agreement.photos.size()) + " photos",
                              agreement.metrics}});
    auto& photos = agreement.photos;
    std::stable_sort(photos.begin(), photos.end(),
                     [](const auto& a, const auto& b) { return a.deviation < b.deviation; });
    write_photos(out, "photos that people agree on most", photos);
    std::reverse(photos.begin(), photos.end());
    write_photos(out, "photos that people agree on least", photos);
    auto& raters = agreement.raters;
    const auto constant = std::stable_partition(raters.begin(), raters.end(),
                                                [](const auto& one) { return !std::isnan(one.srocc); });
    const auto undefined = raters.end() - constant;
    raters.erase(constant, raters.end());
    std::stable_sort(raters.begin(), raters.end(),
                     [](const auto& a, const auto& b) { return a.srocc > b.srocc; });
    write_raters(out, "people nearest to the others", raters);
    std::reverse(raters.begin(), raters.end());
    write_raters(out, "people farthest from the others", raters);
    if (undefined > 0) out << undefined << " people rated all photos alike\n";
}

int evaluate(const EvaluateAgreementOptions& options, std::ostream& out) {
    const auto rated = read_rated_photos(options.rated);
    const auto agreement = rating_agreement(rated.ratings, {.form = rated.form});
    Output output(options.output, out);
    if (options.json)
        output.stream() << report_of(agreement).dump(2) << '\n';
    else
        write_text(output.stream(), agreement);
    output.complete();
    return done;
}

}  // namespace

void add_evaluate_agreement(CLI::App& evaluate, std::function<void(const EvaluateAgreementOptions&)> run) {
    auto* command = evaluate.add_subcommand("agreement", "What people share in judging photos, and what not");
    auto options = std::make_shared<EvaluateAgreementOptions>();
    add_ratings_options(*command, options->rated);
    add_answer_format(*command, options->json);
    add_path_option(*command, "--output,-o", options->output, "Write to this file");
    command->callback([options, run] { run(*options); });
}

int run_evaluate_agreement(const EvaluateAgreementOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return evaluate(options, out); });
}

}  // namespace piaa::cli
