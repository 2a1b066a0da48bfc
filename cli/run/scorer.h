#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json_fwd.hpp>

#include <piaa/heatmap.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/reasons.h>
#include <piaa/score.h>

#include "console/exit_code.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// Whose eye a command looks with.
struct ScorerOptions {
    std::string model;  ///< a shipped model's name or a file; empty for the profile's, or the default one
    std::string device = "auto";
    boost::filesystem::path user;   ///< a profile; empty for people in general
    boost::filesystem::path prior;  ///< a prior's file; empty for the one shipped with the model
};

/// --model, --device, --user, --prior.
void add_scorer_options(CLI::App& command, ScorerOptions& options);

/// A model, and the person whose profile was named.
class Scorer {
public:
    /// Throws Error(bad_model), or Error(bad_profile) naming the profile's file, when the two cannot be had
    /// or do not belong together. Unless `later`, the network runtime is open afterwards.
    explicit Scorer(const ScorerOptions& options, bool later = false);

    const Model& model() const { return *model_; }
    bool is_personal() const { return profile_.has_value(); }
    /// Both nullptr where nobody's profile was named.
    const UserProfile* profile() const { return profile_ ? &*profile_ : nullptr; }
    const Prior* prior() const { return prior_ ? &*prior_ : nullptr; }
    Score score(const Features& features) const;
    /// What this person would rate a photo or a part of it, from 0 (lowest) to 1 but not cut off there; only
    /// where is_personal(). Needs the pooled features and the attributes.
    double personal_rating(const Features& features) const;
    /// Where in a photo the score comes from; other kinds than generic only where is_personal().
    Heatmap heatmap(const Features& features, HeatmapKind kind) const;
    /// Why a photo has its score. Needs the maps, as heatmap() does.
    Reasons reasons(const Features& features) const;
    /// Adds where a record comes from: model, its hash, the profile's hash, version.
    void add_provenance(nlohmann::ordered_json& record) const;

private:
    std::optional<Model> model_;
    std::optional<UserProfile> profile_;
    std::optional<Prior> prior_;
    std::string profile_hash_;
};

/// Makes the scorer, then does the work with it; errors become lines on err. One at the start is an exit of
/// cannot_start, one of the work ends as `ending` says.
int run_with_scorer(std::ostream& err, const std::function<Scorer()>& start,
                    const std::function<int(const Scorer&)>& work,
                    const std::function<ExitCode(const Error&)>& ending);

}  // namespace piaa::cli
