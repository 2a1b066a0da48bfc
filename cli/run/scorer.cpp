#include "run/scorer.h"

#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/network_runtime.h>

#include "console/escape.h"
#include "run/photo_options.h"

namespace piaa::cli {
void add_scorer_options(CLI::App& command, ScorerOptions& options) {
    add_model_options(command, options.model, options.device);
    add_path_option(command, "--user", options.user,
                    "A person's profile, such as me.pt; it selects its own model");
    add_path_option(command, "--prior", options.prior,
                    "The population prior the profile was learned with, if not the shipped one");
}

Scorer::Scorer(const ScorerOptions& options, bool later) : PersonalModel(load_personal_model(options)) {
    model().device();                    // one that was asked for and is not there is told now, too
    if (!later) start_network(model());  // a missing one is told before the first photo
}

void Scorer::add_provenance(nlohmann::ordered_json& record) const {
    const Provenance from = provenance();
    record["model"] = from.model;
    record["model_hash"] = from.model_hash;
    if (is_personal()) record["profile_hash"] = from.profile_hash;
    record["version"] = from.version;
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
