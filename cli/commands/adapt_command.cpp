#include "commands/adapt_command.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "feedback/answers.h"
#include "feedback/migrate_profile.h"
#include "feedback/opinions.h"
#include "feedback/rated_photos.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Seconds since 1970; SOURCE_DATE_EPOCH fixes it for builds that have to repeat.
std::int64_t now() {
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) return std::strtoll(fixed, nullptr, 10);
    return std::time(nullptr);
}

/// What became of the opinions.
struct Tally {
    std::size_t ratings = 0;      ///< used
    std::size_t comparisons = 0;  ///< used
    std::size_t refused = 0;      ///< each with a line on err
    std::size_t replaced = 0;     ///< earlier ratings of the profile that gave way to new ones
    std::size_t forgotten = 0;    ///< events taken back
    std::size_t migrated = 0;     ///< events carried over to another model
};

Opinions gather(const AdaptCommandOptions& options, std::ostream& err) {
    Opinions opinions;
    const auto take = [&](Opinions more) {
        opinions.all.insert(opinions.all.end(), more.all.begin(), more.all.end());
        opinions.refused += more.refused;
    };
    if (!options.ratings.empty())
        take(read_ratings_of_one(options.ratings, parse_rating_scale(options.scale), err));
    if (!options.pairs.empty()) take(read_comparisons(options.pairs, err));
    if (!options.from_xmp.empty()) take(opinions_in_xmp(boost::filesystem::absolute(options.from_xmp), err));
    return opinions;
}

/// The photos that opinions name and that could be read, by name.
std::map<std::string, Features> read_photos(const AdaptCommandOptions& options, const Model& model,
                                            const std::vector<Opinion>& opinions, std::ostream& err) {
    std::vector<std::string> names;
    std::set<std::string> known;
    for (const Opinion& opinion : opinions)
        for (const std::string& name : {opinion.photo, opinion.other})
            if (!name.empty() && known.insert(name).second) names.push_back(name);
    std::vector<std::string> there;
    for (const std::string& name : names) {
        const auto file = photo_file(options.images, name);
        boost::system::error_code ignored;
        if (boost::filesystem::is_regular_file(file, ignored))
            there.push_back(name);
        else
            err << "piaa-batch: " << printable(file.string()) << ": there is no such photo\n";
    }
    if (there.empty() && !names.empty())
        throw Error(ErrorCode::bad_data,
                    "none of the " + std::to_string(names.size()) + " photos named is in " +
                        (options.images.empty() ? "." : options.images.string()) + ": check --images");
    std::map<std::string, Features> photos;
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    for (auto& photo : read_features(model, options.images, there, run))
        photos[photo.name] = std::move(photo.features);
    return photos;
}

void report_disagreements(const std::vector<Opinion>& opinions, const RatingScale& scale, std::ostream& err) {
    std::map<std::string, std::vector<double>> ratings;
    for (const Opinion& opinion : opinions)
        if (opinion.other.empty()) ratings[opinion.photo].push_back(opinion.value);
    for (const auto& [photo, values] : ratings) {
        if (std::set<double>(values.begin(), values.end()).size() < 2) continue;
        err << "piaa-batch: " << printable(photo) << ": ratings disagree (";
        for (std::size_t i = 0; i < values.size(); ++i)
            err << (i == 0 ? "" : ", ") << scale.low + values[i] * (scale.high - scale.low);
        err << "), their mean counts\n";
    }
}

/// The profile without its ratings of these photos: a new rating takes the place of an old one.
UserProfile without_ratings_of(const UserProfile& profile, const std::set<std::string>& photos,
                               Tally& tally) {
    UserProfile result(profile.base());
    result.created = profile.created;
    result.set_traits(profile.traits());
    for (const auto& [id, row] : profile.rows()) result.set_row(id, row);
    for (const Event& event : profile.events()) {
        if (event.gesture == Gesture::rating && photos.contains(event.photo))
            ++tally.replaced;
        else
            result.add(event);
    }
    return result;
}

void forget(const AdaptCommandOptions& options, const Model& model, UserProfile& profile, Tally& tally,
            std::ostream& err) {
    for (const std::string& name : options.forget) {
        std::string id = name;
        boost::system::error_code ignored;
        if (boost::filesystem::is_regular_file(photo_file(options.images, name), ignored)) {
            const FeatureRun run{options.jobs, true, {}, &err, options.cache};
            const auto seen = read_features(model, options.images, {name}, run);
            if (!seen.empty()) id = seen.front().features.content_id;
        }
        const std::size_t events = profile.forget(id);
        tally.forgotten += events;
        if (events == 0) {
            ++tally.refused;
            err << "piaa-batch: " << printable(name) << ": the profile holds no opinion of this photo\n";
        }
    }
}

/// Adds what can be used; a line on err for what cannot.
void add_opinions(const Model& model, const Prior& prior, const std::vector<Opinion>& opinions,
                  const std::map<std::string, Features>& photos, UserProfile& profile, Tally& tally,
                  std::ostream& err) {
    std::set<std::string> rated;
    for (const Opinion& opinion : opinions)
        if (const auto photo = photos.find(opinion.photo); opinion.other.empty() && photo != photos.end())
            rated.insert(photo->second.content_id);
    profile = without_ratings_of(profile, rated, tally);
    const std::int64_t time = now();
    for (const Opinion& opinion : opinions) {
        const auto photo = photos.find(opinion.photo);
        const auto other = photos.find(opinion.other);
        const bool comparison = !opinion.other.empty();
        if (photo == photos.end() || (comparison && other == photos.end())) {
            ++tally.refused;
            continue;  // the photo itself was named on err already
        }
        if (comparison && photo->second.content_id == other->second.content_id) {
            ++tally.refused;
            err << "piaa-batch: " << printable(opinion.photo) << " and " << printable(opinion.other)
                << " are the same picture, so comparing them says nothing\n";
            continue;
        }
        profile.set_row(photo->second.content_id, feature_row(model, prior, photo->second));
        if (comparison) profile.set_row(other->second.content_id, feature_row(model, prior, other->second));
        profile.add({comparison ? Gesture::comparison : Gesture::rating, photo->second.content_id,
                     comparison ? other->second.content_id : "", opinion.value, time});
        ++(comparison ? tally.comparisons : tally.ratings);
    }
}

std::string signed_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%+.2f", value);
    return text;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

void write_report(std::ostream& out, const UserProfile& profile, const Tally& tally,
                  const boost::filesystem::path& file) {
    const Learned& learned = profile.learned();
    out << "used: " << tally.ratings << " ratings, " << tally.comparisons << " comparisons\n";
    if (tally.refused > 0) out << "refused: " << tally.refused << ", each named above\n";
    if (tally.migrated > 0) out << "migrated: " << tally.migrated << " opinions\n";
    if (tally.replaced > 0) out << "replaced: " << tally.replaced << " earlier ratings\n";
    if (tally.forgotten > 0) out << "forgotten: " << tally.forgotten << '\n';
    out << "learned from: " << profile.events().size() << " opinions of " << profile.rows().size()
        << " photos, by " << learned.method << " on model " << profile.base().name << '\n';
    const double gate = learned.number("gate");
    if (const auto& agreement = learned.agreement) {
        out << "agreement with held-out ratings: " << number(agreement->value) << " ["
            << number(agreement->low) << ", " << number(agreement->high) << "]\n"
            << "gain over the generic score: " << signed_number(agreement->gain) << " ["
            << signed_number(agreement->gain_low) << ", " << signed_number(agreement->gain_high) << "]\n";
    } else {
        out << "agreement: cannot be told from fewer than five ratings, or equal ones\n";
    }
    char more[48];
    std::snprintf(more, sizeof more, "ten more ratings would likely add: %+.3f\n",
                  learned.number("ten_more"));
    out << more;
    if (gate <= 0)
        out << "gate: 0, nothing was learned that helps, so the generic score is returned\n";
    else if (gate < 0.5)
        out << "gate: " << number(gate)
            << ", the ratings hardly support it, so scores stay near the generic ones\n";
    else
        out << "gate: " << number(gate) << ", open\n";
    out << "written: " << printable(file.string()) << '\n';
}

Json record_of(const UserProfile& profile, const Tally& tally, const boost::filesystem::path& file) {
    const Learned& learned = profile.learned();
    Json record{{"ratings_used", tally.ratings},
                {"comparisons_used", tally.comparisons},
                {"refused", tally.refused},
                {"replaced", tally.replaced},
                {"forgotten", tally.forgotten},
                {"migrated", tally.migrated},
                {"opinions", profile.events().size()},
                {"photos", profile.rows().size()},
                {"method", learned.method},
                {"model", profile.base().name},
                {"gate", learned.number("gate")},
                {"ten_more", learned.number("ten_more")},
                {"agreement", nullptr},
                {"output", percent_escaped(file.string())}};
    if (const auto& a = learned.agreement)
        record["agreement"] = {{"srocc", a->value},  {"srocc_low", a->low},     {"srocc_high", a->high},
                               {"gain", a->gain},    {"gain_low", a->gain_low}, {"gain_high", a->gain_high},
                               {"photos", a->photos}};
    return record;
}

/// Who the profile belongs to and what it was learned on so far.
struct Start {
    Model model;
    Prior prior;
    UserProfile profile;
};

/// Says the same to another model; nothing that was said may be lost without a copy of the old profile.
UserProfile migrated(const AdaptCommandOptions& options, const Model& model, const Prior& prior,
                     const UserProfile& earlier, Tally& tally, std::ostream& err) {
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    Migration migration = [&] {
        try {
            return migrate_profile(earlier, model, prior, options.images, run);
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
    if (options.output.empty() || options.output == options.migrate)
        throw Error(ErrorCode::bad_data, lost + ", so they would be lost: name another file with --output");
    tally.refused += migration.lost;
    err << "piaa-batch: " << printable(lost) << ", and are left out\n";
    return std::move(migration.profile);
}

Start begin(const AdaptCommandOptions& options, Tally& tally, std::ostream& err) {
    const bool migrate = !options.migrate.empty();
    const auto& file = migrate ? options.migrate : options.update;
    std::optional<UserProfile> earlier;
    if (!file.empty()) earlier = load_profile(file);
    const ModelOptions device{.device = options.device};
    Model model = [&] {
        if (!options.model.empty()) return load_model(options.model, device);
        if (!earlier || migrate) return load_model(default_model(), device);
        try {
            return load_base_model(*earlier, device);
        } catch (const Error& error) {
            throw Error(error.code(), file.string() + ": " + error.what());
        }
    }();
    Prior prior = options.prior.empty() ? load_prior(model, options.method) : load_prior(options.prior);
    if (!earlier) {
        UserProfile fresh({model.info().name, model.info().hash, model.info().preprocessing});
        return {std::move(model), std::move(prior), std::move(fresh)};
    }
    if (migrate) {
        UserProfile carried = migrated(options, model, prior, *earlier, tally, err);
        return {std::move(model), std::move(prior), std::move(carried)};
    }
    try {
        require_base_model(*earlier, model);
        // Rows are places along the directions of one prior and mean nothing to another.
        if (!earlier->learned().prior.empty() && earlier->learned().prior != prior.hash)
            throw Error(ErrorCode::bad_profile,
                        "profile was learned with another prior than that of model " + model.info().name +
                            ": name it with --prior, or learn the profile again with adapt --migrate");
    } catch (const Error& error) {
        throw Error(error.code(), file.string() + ": " + error.what());
    }
    return {std::move(model), std::move(prior), std::move(*earlier)};
}

int adapt_profile(const AdaptCommandOptions& options, std::ostream& out, std::ostream& err) {
    const auto output = !options.output.empty()   ? options.output
                        : !options.update.empty() ? options.update
                                                  : options.migrate;
    Tally tally;
    Start start = begin(options, tally, err);
    AdaptOptions learning{.method = options.method};
    if (options.method == "blg")
        learning.start = options.blg.empty() ? load_blg(start.prior) : load_blg(options.blg, start.prior);

    const Opinions opinions = gather(options, err);
    tally.refused += opinions.refused;
    report_disagreements(opinions.all, parse_rating_scale(options.scale), err);
    const auto photos = read_photos(options, start.model, opinions.all, err);
    forget(options, start.model, start.profile, tally, err);
    if (options.forget_questionnaire) start.profile.set_traits(std::nullopt);
    if (!options.questionnaire.empty()) start.profile.set_traits(read_answers(options.questionnaire));
    add_opinions(start.model, start.prior, opinions.all, photos, start.profile, tally, err);
    if (start.profile.events().empty() && options.update.empty() && options.migrate.empty())
        throw Error(ErrorCode::bad_data,
                    "nothing was said that could be learned from; no profile was written");

    start.profile.updated = now();
    if (start.profile.created == 0) start.profile.created = start.profile.updated;
    const UserProfile learned = adapt(start.prior, start.profile, learning);
    save_profile(output, learned);
    if (options.json)
        out << record_of(learned, tally, output).dump(2) << '\n';
    else if (!options.quiet)
        write_report(out, learned, tally, output);
    return tally.refused > 0 ? some_files_failed : done;
}

}  // namespace

void add_adapt_command(CLI::App& app, std::function<void(const AdaptCommandOptions&)> run) {
    auto* command = app.add_subcommand("adapt", "Learn one person's taste from ratings, pairs or stars");
    auto options = std::make_shared<AdaptCommandOptions>();
    options->terminal = find_terminal();
    add_path_option(*command, "--ratings", options->ratings, "CSV of one person's ratings: image,rating");
    add_path_option(*command, "--pairs", options->pairs, "CSV of comparisons: winner,loser");
    add_path_option(*command, "--from-xmp", options->from_xmp,
                    "Take the stars that other programs gave these photos", "DIR");
    add_path_option(*command, "--images", options->images,
                    "Folder that the names in the tables are relative to", "DIR");
    add_path_option(*command, "--output,-o", options->output, "The profile to write");
    add_path_option(*command, "--update", options->update,
                    "Go on from this profile; it is written anew unless --output says where");
    add_path_option(*command, "--migrate", options->migrate,
                    "Learn this profile again on another model (--model, or else the default one) from its "
                    "ratings and the photos in --images")
        ->excludes("--update");
    command->add_option("--forget", options->forget, "Take back all that was said of this photo")
        ->type_name("IMAGE");
    add_path_option(
        *command, "--questionnaire", options->questionnaire,
        "Answers to `profile questions`: with --method pa or pa-image they move the start a little");
    command->add_flag("--forget-questionnaire", options->forget_questionnaire,
                      "Take those answers out again");
    command->add_option("--scale", options->scale, "Lowest and highest rating, like 1-5")
        ->capture_default_str();
    command->add_option("--method", options->method)
        ->check(CLI::IsMember(adapt_methods()))
        ->capture_default_str();
    add_model_options(*command, options->model, options->device);
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
        if (options->ratings.empty() && options->pairs.empty() && options->from_xmp.empty() &&
            options->update.empty() && options->migrate.empty())
            throw CLI::ValidationError("adapt",
                                       "say with --ratings, --pairs or --from-xmp what to learn from");
        run(*options);
    });
}

int run_adapt(const AdaptCommandOptions& options, std::ostream& out, std::ostream& err) {
    try {
        return adapt_profile(options, out, err);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        const bool data = error.code() == ErrorCode::bad_data || error.code() == ErrorCode::cancelled ||
                          error.code() == ErrorCode::io;
        return data ? some_files_failed : cannot_start;
    }
}

}  // namespace piaa::cli
