#include "commands/research/train_crop.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>

#include <piaa/csv.h>
#include <piaa/cut_out.h>
#include <piaa/error.h>
#include <piaa/research/train_crop.h>
#include <piaa/research/train_heads.h>

#include "console/exit_code.h"
#include "console/say.h"
#include "photos/image_file.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

constexpr double window_size = 0.75;  // of the photo's sides

PixelBox random_window(std::mt19937_64& random, Size picture) {
    const auto offset = [&random](int room) {
        return static_cast<int>(random() % static_cast<std::uint64_t>(room + 1));
    };
    const int width = std::max(1, static_cast<int>(window_size * picture.width));
    const int height = std::max(1, static_cast<int>(window_size * picture.height));
    const int x = offset(picture.width - width);
    return {x, offset(picture.height - height), width, height};
}

/// The same part of another copy of a picture.
PixelBox scaled(const PixelBox& box, Size from, Size to) {
    return {box.x * to.width / from.width, box.y * to.height / from.height,
            std::max(1, box.width * to.width / from.width),
            std::max(1, box.height * to.height / from.height)};
}

/// Calls `use` with each photo, a window of it and where that lies.
PhotoRunSummary run_windows(
    const Model& model, const TrainCropOptions& options, std::ostream& err,
    const std::function<void(PhotoResult&&, const Features& window, const PixelBox& place)>& use) {
    std::mt19937_64 random(options.seed);
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    return run_photos(model, photos, err, {[&](PhotoResult&& photo) {
                          const Image& picture = *photo.features.picture;
                          const PixelBox place = random_window(random, picture.size());
                          const Image window[] = {cut_out(picture, place)};
                          use(std::move(photo), extract_features(model, window, {.keep_maps = true}).front(),
                              place);
                      }});
}

/// From the photos that have a mask; from a window of each too, or the middle would do for an answer. False
/// when interrupted.
bool learn_subject(CropTrainer& trainer, const Model& model, const TrainCropOptions& options,
                   std::ostream& err) {
    std::size_t masks = 0;
    const PhotoRunSummary summary = run_windows(
        model, options, err, [&](PhotoResult&& photo, const Features& window, const PixelBox& place) {
            const auto file = options.subjects / (photo.photo.file.stem().string() + ".png");
            if (!boost::filesystem::exists(file)) return;
            const Image mask = read_full_image(file);
            trainer.add_subject(photo.features, mask);
            trainer.add_subject(window,
                                cut_out(mask, scaled(place, photo.features.picture->size(), mask.size())));
            ++masks;
        });
    if (summary.interrupted) return false;
    const double correlation = trainer.learn_subject();
    if (!options.photos.quiet)
        err << fmt::format("piaa-batch: {} photos have a mask; the map correlates with them by {:.3f}\n",
                           masks, correlation);
    return true;
}

/// The boxes of each photo; none for one with an empty row.
std::map<std::string, std::vector<Box>> read_heads(const boost::filesystem::path& file) {
    const CsvTable table = read_csv(file);
    const std::size_t image = table.column("image");
    const std::size_t sides[] = {table.column("x"), table.column("y"), table.column("w"), table.column("h")};
    std::map<std::string, std::vector<Box>> photos;
    for (const auto& row : table.rows()) {
        std::vector<Box>& boxes = photos[row.fields[image]];
        if (row.fields[sides[0]].empty()) continue;
        double values[4];
        for (int i = 0; i < 4; ++i) values[i] = table.number(row, sides[i]);
        boxes.push_back({values[0], values[1], values[2], values[3]});
    }
    return photos;
}

/// Only where heads are; the rest of the file stays.
int train_heads(const Model& model, const TrainCropOptions& options, std::ostream& err) {
    const auto boxes = read_heads(options.heads);
    HeadTrainer trainer(model);
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    const PhotoRunSummary summary = run_photos(model, photos, err, {[&](PhotoResult&& photo) {
                                                   const auto found =
                                                       boxes.find(photo.photo.file.filename().string());
                                                   if (found != boxes.end())
                                                       trainer.add(photo.features, found->second);
                                               }});
    if (summary.interrupted) return some_files_failed;
    const HeadLesson lesson = trainer.learn();
    trainer.save(options.output);
    if (!options.photos.quiet)
        err << fmt::format(
            "piaa-batch: {} photos, {} with heads; held out, the highest place lies on a head in {}\n",
            lesson.photos, lesson.with_heads, lesson.found);
    return summary.exit_code();
}

int train(CropTrainer& trainer, const Model& model, const TrainCropOptions& options, std::ostream& err) {
    if (!options.subjects.empty() && !learn_subject(trainer, model, options, err)) return some_files_failed;
    const PhotoRunSummary summary = run_windows(
        model, options, err, [&](PhotoResult&& photo, const Features& window, const PixelBox& place) {
            trainer.add(photo.features);
            trainer.add_window(window, normalized(place, photo.features.picture->size()));
        });
    if (summary.interrupted) return some_files_failed;
    const CropLesson lesson = trainer.learn();
    trainer.save(options.output);
    if (!options.photos.quiet)
        err << fmt::format(
            "piaa-batch: {} photos, {} windows; learned from half, overlap {:.3f} on the other "
            "half, a trim in the middle {:.3f}\n",
            lesson.photos, lesson.windows, lesson.learned, lesson.centre);
    return summary.exit_code();
}

}  // namespace

void add_train_crop(CLI::App& train, std::function<void(const TrainCropOptions&)> run) {
    auto* command =
        train.add_subcommand("crop", "Learn what to keep of photos, from well-composed ones without labels");
    auto options = std::make_shared<TrainCropOptions>();
    add_photo_options(*command, options->photos);
    add_model_options(*command, options->model, options->device);
    command->add_option("--seed", options->seed, "Of the windows that are cut out")->capture_default_str();
    add_path_option(*command, "--subjects", options->subjects,
                    "A folder of masks, NAME.png after each photo, to learn from where subjects are");
    const CLI::Validator a_weight(
        [](const std::string& text) -> std::string {
            double weight = 0;
            const bool number = CLI::detail::lexical_cast(text, weight);
            return number && weight >= 0 && weight <= 1000 ? "" : text + " should be a number from 0 to 1000";
        },
        "0 to 1000");
    command
        ->add_option(
            "--weights", options->weights,
            "One for each stage that the model pools, coarser ones later, and with --subjects one for the "
            "subject; learned if not given")
        ->delimiter(',')
        ->check(a_weight);
    add_path_option(*command, "--heads", options->heads,
                    "A table with image, x, y, w, h: heads in shares of the sides, an empty box for a photo "
                    "without; only where heads are is learned, the rest of the output's crop head stays");
    add_path_option(*command, "--output,-o", options->output,
                    "The crop heads to write; other models' heads in the file stay")
        ->required();
    command->callback([options, run] { run(*options); });
}

int run_train_crop(const TrainCropOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&]() -> int {
        const Model model = load_chosen_model(options.model, options.device);
        if (!options.heads.empty()) return train_heads(model, options, err);
        std::optional<CropTrainer> trainer;
        try {
            trainer.emplace(model, options.weights);
        } catch (const Error& error) {  // how many there should be depends on the model
            if (error.code() != ErrorCode::bad_argument) throw;
            say(err, error.what());
            return bad_usage;
        }
        return train(*trainer, model, options, err);
    });
}

}  // namespace piaa::cli
