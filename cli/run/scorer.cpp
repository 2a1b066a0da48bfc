#include "run/scorer.h"

#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/adapt.h>
#include <piaa/base_model.h>
#include <piaa/network_runtime.h>

#include "console/say.h"
#include "report/score_row.h"
#include "run/photo_options.h"
#include "shell/option_group.h"

namespace piaa::cli {
namespace {

PersonalModel person_of(const Model& model, const boost::filesystem::path& user,
                        const boost::filesystem::path& prior) {
    UserProfile profile = load_profile(user);
    try {
        require_base_model(profile, model);
        auto known = prior.empty() ? nullptr : std::make_shared<const Prior>(load_prior(prior));
        PersonalModel person(model, std::move(profile), user, std::move(known));
        // Whether the profile can speak at all is told now, not at its first photo.
        predict(*person.prior(), *person.profile(), std::vector<float>(person.prior()->row_length()));
        return person;
    } catch (const Error& error) {
        const std::string sentence = error.what();
        if (sentence.starts_with(user.string())) throw;
        throw Error(error.code(), user.string() + ": " + sentence);
    }
}

}  // namespace

void add_scorer_options(CLI::App& command, ScorerOptions& options) {
    add_model_options(command, options.model, options.device);
    const OptionGroup group(command, "Judgement");
    add_path_option(command, "--user", options.user,
                    "A person's profile, such as me.pt; it selects its own model", "PROFILE");
    add_path_option(command, "--prior", options.prior,
                    "The population prior the profile was learned with, if not the shipped one");
    let_settings_give_way(command, "--user");
}

Scorer::Scorer(const ScorerOptions& options, bool later) : PersonalModel(load_personal_model(options)) {
    model().device();                    // one that was asked for and is not there is told now, too
    if (!later) start_network(model());  // a missing one is told before the first photo
}

Scorer::Scorer(const Model& model, const boost::filesystem::path& user, const boost::filesystem::path& prior)
    : PersonalModel(person_of(model, user, prior)) {}

void Scorer::add_provenance(nlohmann::ordered_json& record) const {
    cli::add_provenance(record, *this);
}

int run_with_scorer(std::ostream& err, const std::function<Scorer()>& start,
                    const std::function<int(const Scorer&)>& work,
                    const std::function<ExitCode(const Error&)>& ending) {
    std::optional<Scorer> scorer;
    try {
        scorer.emplace(start());
    } catch (const Error& error) {
        say(err, error.what());
        return cannot_start;
    }
    try {
        return work(*scorer);
    } catch (const Error& error) {
        say(err, error.what());
        return ending(error);
    }
}

}  // namespace piaa::cli
