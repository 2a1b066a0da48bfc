#include "commands/explain_command.h"

#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "commands/photo_options.h"
#include "escape.h"
#include "explanation.h"
#include "heatmap_sheet.h"
#include "image_file.h"
#include "output.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr int picture_side = 1024;

/// A person's profile and what is needed to read it.
struct Person {
    UserProfile profile;
    Prior prior;
};

/// Gives each photo a name of its own: photos of different folders may share theirs.
class Names {
public:
    std::string of(const fs::path& photo) {
        const std::string stem = photo.stem().string();
        std::string name = stem;
        for (int i = 2; !used_.insert(name).second; ++i) name = stem + "-" + std::to_string(i);
        return name;
    }

private:
    std::set<std::string> used_;
};

void write_text(const fs::path& file, const std::string& text) {
    std::ostream nowhere(nullptr);
    Output output(file, nowhere);
    output.stream() << text;
    output.complete();
}

class Explainer {
public:
    Explainer(const ExplainOptions& options, const Model& model, const std::optional<Person>& person)
        : options_(options), model_(model), person_(person) {}

    /// Writes the files of one photo and returns the reasons.
    std::string operator()(const PhotoResult& photo) {
        const Image& picture = *photo.picture;
        const Features& features = photo.features;
        std::vector<NamedMap> maps;
        const auto add = [&](const std::string& name, const Heatmap& map) {
            Heatmap large = enlarged(map, picture);
            const double limit = options_.fit_colours ? fitted_limit(large) : comparable_limit;
            maps.push_back({name, std::move(large), limit});
        };
        const Heatmap generic = make_heatmap(model_, features);
        std::optional<Heatmap> difference;
        add("generic", generic);
        Score shown = score(model_, features);
        if (person_) {
            const auto& [profile, prior] = *person_;
            shown = score(model_, prior, profile, features);
            difference = make_heatmap(model_, prior, profile, features, HeatmapKind::difference);
            add("personal", make_heatmap(model_, prior, profile, features));
            add("difference", *difference);
        }

        const fs::path stem = options_.into / names_.of(photo.photo.file);
        for (const NamedMap& map : maps)
            write_png(overlay_with_legend(picture, map), stem.string() + "." + map.name + ".png");
        write_png(heatmap_sheet(picture, maps), stem.string() + ".sheet.png");
        const auto reasons = explanation(photo.photo.file.string(), shown, features, generic,
                                         difference ? &*difference : nullptr);
        const std::string text = explanation_text(reasons);
        write_text(stem.string() + ".json", reasons.dump(2) + "\n");
        write_text(stem.string() + ".txt", text);
        return text;
    }

private:
    const ExplainOptions& options_;
    const Model& model_;
    const std::optional<Person>& person_;
    Names names_;
};

}  // namespace

void add_explain_command(CLI::App& app, std::function<void(const ExplainOptions&)> run) {
    auto* command = app.add_subcommand("explain", "Show where in photos their scores come from, and why");
    auto options = std::make_shared<ExplainOptions>();
    add_photo_options(*command, options->photos);
    add_model_options(*command, options->model, options->device);
    const auto add_path = [&](const char* name, fs::path& path, const char* help, const char* kind) {
        return command
            ->add_option_function<std::string>(
                name, [&path](const std::string& given) { path = given; }, help)
            ->type_name(kind);
    };
    add_path("--into", options->into, "Folder for the pictures and reasons", "DIR")->required();
    add_path("--user", options->user, "A person's profile: adds their map and how it differs", "FILE");
    add_path("--prior", options->prior, "The prior the profile was learned with, if not the model's own",
             "FILE");
    command->add_flag("--fit-colours", options->fit_colours,
                      "Fit the colours to each map; otherwise the same colour means the same in all photos");
    command->callback([options, run] { run(*options); });
}

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
    std::optional<Model> model;
    std::optional<Person> person;
    try {
        model =
            load_model(options.model.empty() ? default_model() : options.model, {.device = options.device});
        if (!options.user.empty())
            person = {load_profile(options.user),
                      options.prior.empty() ? load_prior(*model) : load_prior(options.prior)};
        boost::system::error_code problem;
        fs::create_directories(options.into, problem);
        if (problem)
            throw Error(ErrorCode::io, options.into.string() + ": cannot be made: " + problem.message());
        model->device();  // opens the network runtime, so that a missing one is told before the first photo
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return cannot_start;
    }
    try {
        PhotoRunOptions photos = options.photos;
        photos.keep_maps = true;
        photos.picture_side = picture_side;
        Explainer explain(options, *model, person);
        PhotoHandlers handlers;
        handlers.done = [&](PhotoResult&& photo) { out << explain(photo) << std::flush; };
        return run_photos(*model, photos, err, handlers).exit_code();
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return some_files_failed;
    }
}

}  // namespace piaa::cli
