#include "commands/explain_command.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <piaa/piaa.h>
#include <piaa/polish.h>

#include "answers/photo_answers.h"
#include "console/escape.h"
#include "console/make_folder.h"
#include "console/output.h"
#include "pages/heatmap_sheet.h"
#include "photos/image_png.h"
#include "report/explanation.h"
#include "report/report.h"
#include "run/photo_options.h"
#include "run/worker_results.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// In the order of MapMethod.
const std::vector<std::string> method_names{"activation", "layercam", "gradient", "smoothgrad", "occlusion"};

/// Of all maps that a photo may have files of.
std::vector<std::string> map_names() {
    std::vector<std::string> names = {"generic", "personal", "difference"};
    names.insert(names.end(), method_names.begin() + 1, method_names.end());
    return names;
}

Heatmap map_by(MapMethod method, const Model& model, const Image& picture) {
    switch (method) {
        case MapMethod::layercam:
            return gradient_map(model, picture, GradientMap::layer_cam);
        case MapMethod::gradient:
            return gradient_map(model, picture, GradientMap::gradient);
        case MapMethod::smoothgrad:
            return gradient_map(model, picture, GradientMap::smooth_gradient);
        default:
            return occlusion_map(model, picture);
    }
}

/// Gives each photo a name of its own: photos of different folders may share theirs.
class Names {
public:
    std::string of(const PhotoResult& photo) {
        constexpr std::size_t longest_ending = 32;  // "-1000.difference.png", ".json.partial-1f2e3d4c"
        std::string stem = name_start(photo.photo.file.stem().string(), longest_ending);
        // A line of a list may name nothing, or a folder: "", "/", "..", "a/".
        if (stem.find_first_not_of("./") == std::string::npos)
            stem = "line-" + std::to_string(photo.index + 1);
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

/// The files of one photo.
class Files {
public:
    Files(const fs::path& folder, const std::string& name, bool overwrite)
        : folder_(folder), name_(name), overwrite_(overwrite) {}

    /// Throws Error(io) when a file of that name is there and must stay.
    fs::path of(const std::string& ending) const {
        fs::path file = folder_ / (name_ + ending);
        boost::system::error_code ignored;
        if (!overwrite_ && fs::exists(fs::symlink_status(file, ignored)))
            throw Error(ErrorCode::io,
                        file.string() + ": is there already and is replaced only by --overwrite");
        return file;
    }

private:
    const fs::path& folder_;
    std::string name_;
    bool overwrite_;
};

class Explainer {
public:
    Explainer(const ExplainOptions& options, const Scorer& scorer) : options_(options), scorer_(scorer) {}

    /// Writes the files of one photo and returns the reasons in words.
    std::string operator()(const PhotoResult& photo, const std::string& sharpness) {
        const Files files(options_.into, names_.of(photo), options_.overwrite);
        const std::string path = photo.photo.file.string();
        const fs::path json_file = files.of(".json");
        const fs::path text_file = files.of(".txt");
        const fs::path sheet_file = files.of(".sheet.png");
        const std::vector<NamedMap> maps = maps_of(photo);
        for (const NamedMap& map : maps)
            write_png(overlay_with_legend(*photo.features.picture, map), files.of("." + map.name + ".png"));
        write_png(heatmap_sheet(*photo.features.picture, maps), sheet_file);

        const Reasons reasons = scorer_.reasons(photo.features);
        const auto polished = polish(scorer_.model(), photo.features);
        const auto record = explain_answer(scorer_, photo.photo, photo.features, sharpness);
        std::string text = explanation_text(path, reasons, polished, sharpness);
        write_text(json_file, fit_for_json(record).dump(2) + "\n");
        write_text(text_file, text);
        return text;
    }

    /// Writes the one file of a photo that failed. What tells of it as it was before goes.
    void failed(const PhotoResult& photo) {
        const Files files(options_.into, names_.of(photo), options_.overwrite);
        std::vector<fs::path> earlier = {files.of(".txt"), files.of(".sheet.png")};
        for (const std::string& map : map_names()) earlier.push_back(files.of("." + map + ".png"));
        const auto record = explain_failure(scorer_, photo.photo, photo.error->what());
        write_text(files.of(".json"), fit_for_json(record).dump(2) + "\n");
        for (const fs::path& file : earlier)
            if (::unlink(file.c_str()) != 0 && errno != ENOENT)
                throw Error(ErrorCode::io, file.string() + ": is of an earlier run and cannot be removed");
    }

private:
    std::vector<NamedMap> maps_of(const PhotoResult& photo) const {
        std::vector<NamedMap> maps;
        const auto add = [&](const std::string& name, HeatmapKind kind) {
            Heatmap map = guided_upsampling(scorer_.heatmap(photo.features, kind), *photo.features.picture);
            const double limit = options_.fit_colours ? fitted_limit(map) : comparable_limit;
            maps.push_back({name, std::move(map), limit, limit / legend_fields});
        };
        add("generic", HeatmapKind::generic);
        if (scorer_.is_personal()) {
            add("personal", HeatmapKind::personal);
            add("difference", HeatmapKind::difference);
        }
        if (options_.method != MapMethod::activation) add_other(photo, maps);
        return maps;
    }

    /// The map of the chosen method. Its unit is its own, so its colours are always fitted.
    void add_other(const PhotoResult& photo, std::vector<NamedMap>& maps) const {
        const Image& picture = *photo.features.picture;
        Heatmap map = guided_upsampling(map_by(options_.method, scorer_.model(), picture), picture);
        const double limit = fitted_limit(map);
        maps.push_back(
            {method_names[static_cast<std::size_t>(options_.method)], std::move(map), limit, limit});
    }

    const ExplainOptions& options_;
    const Scorer& scorer_;
    Names names_;
};

/// Whether a file or folder is the folder or lies below it, wherever links lead.
bool lies_in(const fs::path& file, const fs::path& folder) {
    boost::system::error_code problem;
    const fs::path inner = fs::canonical(file, problem);
    if (problem) return false;
    const fs::path outer = fs::canonical(folder, problem);
    if (problem) return false;
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// Makes the folder. Photos that lie in it, or it in theirs, would be mixed up with what is written.
void prepare_folder(const ExplainOptions& options) {
    make_folder(options.into);
    for (const std::string& path : options.photos.paths)
        if (lies_in(path, options.into) || lies_in(options.into, path))
            throw Error(ErrorCode::io, options.into.string() + ": shares its place with the photos of " +
                                           path + " and should be a folder apart");
}

int explain_photos(const ExplainOptions& options, const Scorer& scorer, std::ostream& out,
                   std::ostream& err) {
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    Explainer explain(options, scorer);
    WorkerResults<std::string> sharpness;
    bool failed = false;
    PhotoHandlers handlers;
    handlers.work = [&](PhotoResult& photo) {
        sharpness.put(photo, sharpness_of(scorer.model(), photo.photo, photo.features));
        photo.features = seen_both_ways(scorer.model(), std::move(photo.features));
    };
    const auto unless_it_fails = [&](const auto& write) {
        try {
            write();
        } catch (const Error& error) {
            failed = true;
            err << "piaa-batch: " << printable(error.what()) << std::endl;
        }
    };
    handlers.done = [&](PhotoResult&& photo) {
        unless_it_fails([&] { out << explain(photo, sharpness.take(photo)) << std::flush; });
    };
    if (photos.failed_ok)
        handlers.failed = [&](const PhotoResult& photo) { unless_it_fails([&] { explain.failed(photo); }); };
    const int exit_code = run_photos(scorer.model(), photos, err, handlers).exit_code();
    return failed ? some_files_failed : exit_code;
}

}  // namespace

void add_explain_command(CLI::App& app, std::function<void(const ExplainOptions&)> run) {
    auto* command = app.add_subcommand("explain", "Show where in photos their scores come from, and why");
    auto options = std::make_shared<ExplainOptions>();
    add_photo_options(*command, options->photos);
    add_scorer_options(*command, options->scorer);
    add_path_option(*command, "--into", options->into, "Folder for the pictures and reasons", "DIR")
        ->required();
    const auto choose = [options](const std::string& word) {
        const auto found = std::find(method_names.begin(), method_names.end(), word);
        options->method = static_cast<MapMethod>(found - method_names.begin());
    };
    command
        ->add_option_function<std::string>(
            "--method", choose, "Add a map made in another way: layercam, gradient, smoothgrad, occlusion")
        ->check(CLI::IsMember(method_names));
    command->add_flag("--fit-colours", options->fit_colours,
                      "Fit the colours to each map; otherwise a colour means the same in all photos");
    command->add_flag("--overwrite", options->overwrite, "Replace files of the same names");
    command->callback([options, run] { run(*options); });
}

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err,
        [&] {
            prepare_folder(options);
            return Scorer(options.scorer);
        },
        [&](const Scorer& scorer) { return explain_photos(options, scorer, out, err); },
        [](const Error&) { return some_files_failed; });
}

}  // namespace piaa::cli
