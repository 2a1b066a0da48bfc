#include "commands/adapt_command.h"

#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/meta_start.h>
#include <piaa/piaa.h>

#include "console/counted.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "console/say.h"
#include "feedback/add_feedback.h"
#include "feedback/answers.h"
#include "feedback/choices.h"
#include "feedback/learned_report.h"
#include "feedback/liked_photos.h"
#include "feedback/migrate_profile.h"
#include "feedback/named_feedback.h"
#include "feedback/named_photos.h"
#include "feedback/opinions_kept.h"
#include "feedback/pooled_profiles.h"
#include "feedback/rated_photos.h"
#include "run/photo_options.h"
#include "shell/option_group.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Seconds since 1970; SOURCE_DATE_EPOCH fixes it for builds that have to repeat.
std::int64_t now() {
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) return std::strtoll(fixed, nullptr, 10);
    return std::time(nullptr);
}

NamedFeedbackList gather(const AdaptCommandOptions& options, std::ostream& err) {
    NamedFeedbackList feedback;
    const auto take = [&](NamedFeedbackList more) {
        feedback.all.insert(feedback.all.end(), more.all.begin(), more.all.end());
        feedback.refused += more.refused;
    };
    if (!options.ratings.empty())
        take(read_ratings_of_one(options.ratings, parse_rating_scale(options.scale), err));
    if (!options.pairs.empty()) take(read_comparisons(options.pairs, err));
    if (!options.choices.empty()) take(read_choices(options.choices, err));
    if (!options.from_xmp.empty())
        take(feedback_in_xmp(boost::filesystem::absolute(options.from_xmp), options.stars, err));
    return feedback;
}

void report_disagreements(const std::vector<NamedFeedback>& feedback, const RatingScale& scale,
                          std::ostream& err) {
    std::map<std::string, std::vector<double>> ratings;
    for (const NamedFeedback& said : feedback)
        if (said.other.empty()) ratings[said.photo].push_back(said.value);
    for (const auto& [photo, values] : ratings) {
        if (std::set<double>(values.begin(), values.end()).size() < 2) continue;
        err << "piaa-batch: " << printable(photo) << ": ratings disagree (";
        for (std::size_t i = 0; i < values.size(); ++i)
            err << (i == 0 ? "" : ", ") << scale.low + values[i] * (scale.high - scale.low);
        err << "), their mean counts\n";
    }
}

std::vector<Forgotten> read_forgotten(const AdaptCommandOptions& options, const Model& model,
                                      std::ostream& err) {
    std::vector<Forgotten> all;
    for (const std::string& name : options.forget) {
        all.push_back({name, {}});
        boost::system::error_code ignored;
        if (!boost::filesystem::is_regular_file(photo_file(options.images, name), ignored)) continue;
        const FeatureRun run{options.jobs, true, {}, &err, options.cache};
        const auto seen = read_features(model, options.images, {name}, run);
        if (!seen.empty()) all.back().photo = seen.front().features.content_id;
    }
    return all;
}

/// What to learn on, from and by.
struct Basis {
    Model model;
    std::shared_ptr<const Prior> prior;
    std::string method;
    std::vector<UserProfile> pool;  ///< people who are pooled
};

/// The profile that is gone on with or migrated; empty for a new one.
const boost::filesystem::path& source_of(const AdaptCommandOptions& options) {
    return options.migrate.empty() ? options.update : options.migrate;
}

/// Whether the profile that is gone on with is written anew; what goes from it was asked to.
bool goes_on_in_place(const AdaptCommandOptions& options) {
    boost::system::error_code ignored;
    return options.output.empty() ||
           (!source_of(options).empty() &&
            boost::filesystem::equivalent(options.output, source_of(options), ignored));
}

/// The model that was named, or that of the profile which is gone on with or comes first in a pool, or the
/// default one. earlier: the profile of source_of().
Model model_of(const AdaptCommandOptions& options, const std::optional<UserProfile>& earlier) {
    const ModelOptions device{.device = options.device};
    const auto of_profile = [&](const UserProfile& profile, const std::string& file) {
        try {
            return load_base_model(profile, device);
        } catch (const Error& error) {
            throw Error(error.code(), file + ": " + error.what());
        }
    };
    if (!options.model.empty()) return load_model(options.model, device);
    if (!options.pool.empty()) return of_profile(load_profile(options.pool.front()), options.pool.front());
    if (!options.update.empty()) return of_profile(*earlier, options.update.string());
    return load_model(default_model(), device);
}

/// Says the same to another model; nothing that was said may be lost without a copy of the old profile.
UserProfile migrated(const AdaptCommandOptions& options, const Basis& basis, const UserProfile& earlier,
                     const std::vector<NamedFeatures>& photos, Tally& tally, std::ostream& err) {
    Migration migration = [&] {
        try {
            return migrate_profile(earlier, basis.model, *basis.prior, options.images, photos);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::bad_data) throw;
            throw Error(error.code(), options.migrate.string() + ": cannot be migrated: " + error.what());
        }
    }();
    tally.migrated = migration.profile.events().size();
    if (migration.lost == 0) return std::move(migration.profile);
    const std::string lost = options.migrate.string() + ": the photos of " + std::to_string(migration.lost) +
                             " of its " + std::to_string(earlier.events().size()) +
                             " opinions are not below " + options.images.string();
    if (goes_on_in_place(options))
        throw Error(ErrorCode::bad_data, lost + ", so they would be lost: name another file with --output");
    tally.refused += migration.lost;
    err << "piaa-batch: " << printable(lost) << ", and are left out\n";
    return std::move(migration.profile);
}

/// The people of a pool. Throws Error(bad_profile), naming the file, for one of another model.
std::vector<UserProfile> pool_of(const AdaptCommandOptions& options, const Basis& basis) {
    std::vector<UserProfile> people;
    people.reserve(options.pool.size());
    for (const std::string& file : options.pool)
        people.push_back(*PersonalModel(basis.model, load_profile(file), file, basis.prior).profile());
    for (std::size_t i = 0; i < people.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (is_same_person(people[i], people[other]))
                throw Error(ErrorCode::bad_argument,
                            options.pool[i] + " and " + options.pool[other] +
                                ": hold the same opinions and should be two people's");
    return people;
}

Basis basis_of(const AdaptCommandOptions& options) {
    const auto& file = source_of(options);
    const bool update = !options.update.empty();
    std::optional<UserProfile> earlier;
    if (!file.empty()) earlier = load_profile(file);
    Model model = model_of(options, earlier);
    std::string method = options.method;
    if (method.empty() && earlier) method = earlier->learned().method;
    if (method.empty()) method = "auto";
    auto prior = std::make_shared<const Prior>(options.prior.empty() ? load_prior(model, method)
                                                                     : load_prior(options.prior));
    if (update) PersonalModel(model, *earlier, file, prior);  // refuses what does not belong together
    Basis basis{std::move(model), std::move(prior), std::move(method), {}};
    basis.pool = pool_of(options, basis);
    return basis;
}

/// What the photos are to a run, read before the profile is locked, because that may take long.
struct Material {
    NamedFeedbackList feedback;
    std::map<std::string, Features> photos;  ///< that the feedback names
    std::vector<Forgotten> forgotten;
    std::vector<NamedFeatures> library;  ///< of --images, to find a migrated profile's photos in
};

Material read_material(const AdaptCommandOptions& options, const Basis& basis, std::ostream& err) {
    const Model& model = basis.model;
    Material material;
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    if (!options.migrate.empty()) material.library = photos_below(options.images, model, run);
    material.feedback = gather(options, err);
    report_disagreements(material.feedback.all, parse_rating_scale(options.scale), err);
    LikedPhotos chosen;
    if (!options.liked.empty()) chosen = LikedPhotos(options.liked, options.among, err);
    material.feedback.refused += chosen.refused();
    auto named = material.feedback.all;
    for (NamedFeedback& said : chosen.feedback()) named.push_back(std::move(said));
    material.photos = read_named_photos(options.images, model, named, run);
    chosen.take_out_copies(material.photos);
    for (NamedFeedback& said : chosen.feedback()) material.feedback.all.push_back(std::move(said));
    material.forgotten = read_forgotten(options, model, err);
    return material;
}

/// The profile as it is to be learned from. Under its lock: the file is read anew, because another program
/// may have gone on with it while photos were read.
UserProfile gone_on(const AdaptCommandOptions& options, const Basis& basis, const Material& material,
                    Tally& tally, std::ostream& err) {
    UserProfile profile(basis.model.info());
    if (!options.migrate.empty())
        profile = migrated(options, basis, load_profile(options.migrate), material.library, tally, err);
    else if (!options.update.empty())
        profile =
            *PersonalModel(basis.model, load_profile(options.update), options.update, basis.prior).profile();
    else if (!basis.pool.empty())
        profile = pooled_profiles(basis.pool);
    tally.refused += material.feedback.refused;
    forget(material.forgotten, profile, tally, err);
    if (options.forget_questionnaire) profile.set_traits(std::nullopt);
    if (!options.questionnaire.empty()) profile.set_traits(read_answers(options.questionnaire));
    add_feedback(basis.model, *basis.prior, material.feedback.all, material.photos, profile, now(), tally,
                 err);
    keep_in(profile, options.star_choice);
    if (profile.events().empty() && source_of(options).empty())
        throw Error(ErrorCode::bad_data,
                    "nothing was said that could be learned from; no profile was written");
    return profile;
}

std::string remedy(const AdaptCommandOptions& options) {
    const std::string elsewhere = "name another file with --output";
    const bool may_update = options.pool.empty() && source_of(options).empty();
    return may_update ? "go on from it with --update in place of --output, or " + elsewhere : elsewhere;
}

int adapt_profile(const AdaptCommandOptions& options, const Basis& basis, std::ostream& out,
                  std::ostream& err) {
    const auto output = options.output.empty() ? source_of(options) : options.output;
    AdaptOptions learning{.method = basis.method};
    if (learning.method == "blg")
        learning.start = options.blg.empty() ? load_blg(*basis.prior) : load_blg(options.blg, *basis.prior);
    const bool in_place = goes_on_in_place(options);
    if (!in_place) require_profile_or_nothing(output);
    const Material material = read_material(options, basis, err);

    Tally tally;
    const UserProfile learned = [&] {
        const ProfileLock lock(output);
        UserProfile profile = gone_on(options, basis, material, tally, err);
        if (!in_place) require_opinions_kept(output, profile, !options.liked.empty(), remedy(options));
        profile.updated = now();
        if (profile.created == 0) profile.created = profile.updated;
        UserProfile result = adapt(*basis.prior, profile, learning);
        save_profile(output, result);
        return result;
    }();
    std::optional<PoolReport> pool;
    if (!basis.pool.empty()) pool = compare_pool(*basis.prior, learned, basis.pool, options.pool);
    if (options.json) {
        Json record = learned_record(learned, tally, output);
        if (pool) record["pool"] = pool_record(*pool);
        out << record.dump(2) << '\n';
    } else if (!options.quiet) {
        if (pool) out << in_words(*pool);
        tell_learned(out, learned, tally, output);
    }
    return tally.refused > 0 ? some_files_failed : done;
}

void add_opinion_options(CLI::App& command, AdaptCommandOptions& options) {
    const OptionGroup group(command, "Opinions");
    add_path_option(command, "--ratings", options.ratings, "CSV of one person's ratings: image,rating");
    add_path_option(command, "--pairs", options.pairs, "CSV of comparisons: winner,loser");
    add_path_option(command, "--choices", options.choices,
                    "CSV of showings: shown,chosen; ids of rows of score and crop, parted by |");
    add_path_option(command, "--from-xmp", options.from_xmp,
                    "Take the stars that other programs gave these photos", "DIR");
    auto* liked = add_path_option(command, "--liked", options.liked,
                                  "A folder of photos that a person or a brand chose", "DIR");
    auto* among = add_path_option(command, "--among", options.among,
                                  "With --liked: the photos that they were chosen from", "DIR");
    liked->needs(among);
    among->needs(liked);
    auto* ignored = command
                        .add_option("--ignore-rating", options.stars.ignored,
                                    "With --from-xmp: as many stars are nobody's opinion")
                        ->type_name("STARS")
                        ->check(CLI::Range(1, 5));
    command
        .add_flag("--accept-ones", options.stars.accept_ones,
                  "With --from-xmp: one star is an opinion, although darktable gives it to every photo")
        ->excludes(ignored);
    add_path_option(command, "--images", options.images,
                    "Folder that the names in the tables are relative to", "DIR")
        ->check([](const std::string& path) {
            boost::system::error_code ignored;
            return boost::filesystem::is_regular_file(path, ignored)
                       ? path + " is no folder and should be one"
                       : "";
        });
    command.add_option("--scale", options.scale, "Lowest and highest rating, like 1-5")
        ->capture_default_str();
}

}  // namespace

void add_adapt_command(CLI::App& app, std::function<void(const AdaptCommandOptions&)> run) {
    auto* command = app.add_subcommand("adapt", "Learn one person's taste from ratings, pairs or stars");
    auto options = std::make_shared<AdaptCommandOptions>();
    options->terminal = find_terminal();
    add_opinion_options(*command, *options);
    add_path_option(*command, "--output,-o", options->output,
                    "The profile to write; refused where one that is there would lose opinions", "PROFILE");
    add_path_option(*command, "--update", options->update,
                    "Go on from this profile; it is written anew unless --output says where", "PROFILE");
    add_path_option(*command, "--migrate", options->migrate,
                    "Learn this profile again on another model (--model, or else the default one) from its "
                    "ratings and the photos in --images",
                    "PROFILE")
        ->excludes("--update");
    auto* pool =
        command->add_option("--pool", options->pool,
                            "Learn the taste that these people have in common, of one model; says who "
                            "differs");
    pool->type_name("PROFILE...")->expected(2, 1000);
    for (const char* other :
         {"--update", "--migrate", "--ratings", "--pairs", "--choices", "--from-xmp", "--liked"})
        pool->excludes(other);
    command->add_option("--forget", options->forget, "Take back all that was said of this photo")
        ->type_name("IMAGE");
    add_path_option(
        *command, "--questionnaire", options->questionnaire,
        "Answers to `profile questions`: with --method pa or pa-image they move the start a little");
    command->add_flag("--forget-questionnaire", options->forget_questionnaire,
                      "Take those answers out again");
    command
        ->add_option("--method", options->method,
                     "How to learn; if not given as the profile was learned before, or auto")
        ->check(CLI::IsMember(adapt_methods()));
    add_star_choice(*command, options->star_choice, /*kept=*/true);
    add_model_options(*command, options->model, options->device);
    for (const char* profile : {"--update", "--pool"}) let_settings_give_way(*command, profile);
    add_path_option(*command, "--prior", options->prior,
                    "The prior to start from; the model's own if not given");
    add_path_option(*command, "--blg", options->blg,
                    "Meta-learned weights for the method blg; the model's own if not given");
    add_answer_format(*command, options->json);
    add_cache_options(*command, options->cache);
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] {
        if (options->output.empty() && options->update.empty() && options->migrate.empty())
            throw CLI::ValidationError("adapt", "say with --output which profile to write");
        if (options->ratings.empty() && options->pairs.empty() && options->choices.empty() &&
            options->from_xmp.empty() && options->liked.empty() && options->update.empty() &&
            options->migrate.empty() && options->pool.empty())
            throw CLI::ValidationError(
                "adapt",
                "say with --ratings, --pairs, --choices, --from-xmp, --liked or --pool what to learn from");
        boost::system::error_code ignored;
        for (const std::string& person : options->pool)
            if (boost::filesystem::equivalent(person, options->output, ignored))
                throw CLI::ValidationError("adapt",
                                           "--output should not be one of the pooled profiles: " + person);
        run(*options);
    });
}

int run_adapt(const AdaptCommandOptions& options, std::ostream& out, std::ostream& err) {
    std::optional<Basis> basis;
    try {
        basis = basis_of(options);
    } catch (const Error& error) {
        say(err, error.what());
        return exit_code_at_start(error);
    }
    try {
        return adapt_profile(options, *basis, out, err);
    } catch (const Error& error) {
        say(err, error.what());
        const bool data = error.code() == ErrorCode::bad_data || error.code() == ErrorCode::cancelled ||
                          error.code() == ErrorCode::io;
        if (error.code() == ErrorCode::bad_argument) return bad_usage;
        return data ? some_files_failed : cannot_start;
    }
}

}  // namespace piaa::cli
