#pragma once

#include <functional>
#include <iosfwd>

#include <nlohmann/json_fwd.hpp>

#include <piaa/error.h>
#include <piaa/personal_model.h>

#include "console/exit_code.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// Whose eye a command looks with.
using ScorerOptions = PersonalModelOptions;

/// --model, --device, --user, --prior.
void add_scorer_options(CLI::App& command, ScorerOptions& options);

/// A model, and the person whose profile was named, ready to work.
class Scorer : public PersonalModel {
public:
    /// Throws as load_personal_model(). Unless `later`, the network runtime is open afterwards.
    explicit Scorer(const ScorerOptions& options, bool later = false);
    /// A person on a model that is there already. prior: empty for the shipped one. Throws
    /// Error(bad_profile), naming the file, when the two do not belong together or the profile has learned
    /// nothing yet.
    Scorer(const Model& model, const boost::filesystem::path& user,
           const boost::filesystem::path& prior = {});

    /// Adds where a record comes from: model, its hash, the profile's hash, version.
    void add_provenance(nlohmann::ordered_json& record) const;
};

/// Makes the scorer, then does the work with it; errors become lines on err. One at the start is an exit of
/// cannot_start, one of the work ends as `ending` says.
int run_with_scorer(std::ostream& err, const std::function<Scorer()>& start,
                    const std::function<int(const Scorer&)>& work,
                    const std::function<ExitCode(const Error&)>& ending);

}  // namespace piaa::cli
