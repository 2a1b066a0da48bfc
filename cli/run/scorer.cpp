#include "run/scorer.h"

#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/adapt.h>
#include <piaa/base_model.h>
#include <piaa/error.h>
#include <piaa/network_runtime.h>
#include <piaa/piaa.h>

#include "console/escape.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

Model load(const ScorerOptions& options, const std::optional<UserProfile>& profile) {
    const ModelOptions device{.device = options.device};
    if (!options.model.empty()) {
        const Model model = load_model(options.model, device);
        if (profile) require_base_model(*profile, model);
        return model;
    }
    return profile ? load_base_model(*profile, device) : load_model(default_model(), device);
}

}  // namespace

void add_scorer_options(CLI::App& command, ScorerOptions& options) {
    add_model_options(command, options.model, options.device);
    add_path_option(command, "--user", options.user,
                    "A person's profile, such as me.pt; it selects its own model");
    add_path_option(command, "--prior", options.prior,
                    "The population prior the profile was learned with, if not the shipped one");
}

Scorer::Scorer(const ScorerOptions& options, bool later) {
    if (!options.user.empty()) profile_ = load_profile(options.user);
    try {
        model_ = load(options, profile_);
        if (profile_) {
            prior_ = options.prior.empty() ? load_prior(*model_, profile_->learned().method)
                                           : load_prior(options.prior);
            profile_hash_ = profile_hash(*profile_);
            // Whether the profile can speak at all is told now, not at the first photo.
            predict(*prior_, *profile_, std::vector<float>(prior_->row_length()));
        }
    } catch (const Error& error) {
        if (error.code() != ErrorCode::bad_profile) throw;
        throw Error(error.code(), options.user.string() + ": " + error.what());
    }
    model_->device();                    // one that was asked for and is not there is told now, too
    if (!later) start_network(*model_);  // a missing one is told before the first photo
}

Score Scorer::score(const Features& features) const {
    return profile_ ? piaa::score(*model_, *prior_, *profile_, features) : piaa::score(*model_, features);
}

double Scorer::personal_rating(const Features& features) const {
    return predict(*prior_, *profile_, feature_row(*model_, *prior_, features)).rating;
}

Heatmap Scorer::heatmap(const Features& features, HeatmapKind kind) const {
    return kind == HeatmapKind::generic ? make_heatmap(*model_, features)
                                        : make_heatmap(*model_, *prior_, *profile_, features, kind);
}

Reasons Scorer::reasons(const Features& features) const {
    return profile_ ? find_reasons(*model_, *prior_, *profile_, features) : find_reasons(*model_, features);
}

void Scorer::add_provenance(nlohmann::ordered_json& record) const {
    record["model"] = model_->info().name;
    record["model_hash"] = model_->info().hash;
    if (profile_) record["profile_hash"] = profile_hash_;
    record["version"] = version();
}

int run_with_scorer(std::ostream& err, const std::function<Scorer()>& start,
                    const std::function<int(const Scorer&)>& work,
                    const std::function<ExitCode(const Error&)>& ending) {
    std::optional<Scorer> scorer;
    try {
        scorer.emplace(start());
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return cannot_start;
    }
    try {
        return work(*scorer);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return ending(error);
    }
}

}  // namespace piaa::cli
