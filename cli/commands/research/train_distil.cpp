#include "commands/research/train_distil.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/research/train.h>
#include <piaa/shuffle.h>

#include "limits/interrupt.h"
#include "photos/image_file.h"
#include "photos/photo_list.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

constexpr int decoded_side = 400;           // shorter side, at least: parts of a photo are looked at too
constexpr std::size_t held_out_every = 50;  // photos
constexpr std::size_t told_every = 1000;    // views

Size large_enough(Size photo) {
    const double scale =
        std::min(1.0, decoded_side / static_cast<double>(std::min(photo.width, photo.height)));
    return {std::max(1, static_cast<int>(photo.width * scale)),
            std::max(1, static_cast<int>(photo.height * scale))};
}

/// None is shipped for a model of one's own.
std::optional<Prior> prior_of(const Model& teacher, const boost::filesystem::path& chosen) {
    if (!chosen.empty()) return load_prior(chosen);
    try {
        return load_prior(teacher);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// The photos in an order drawn with the seed, over and over until there are enough views, shared among the
/// threads.
class Viewing {
public:
    Viewing(Distillation& lesson, std::vector<Photo> photos, const TrainDistilOptions& options,
            std::ostream& err)
        : lesson_(lesson), photos_(std::move(photos)), options_(options), err_(err) {
        std::mt19937_64 random(options.learning.seed);
        shuffle(photos_, random);
    }

    /// False when interrupted.
    bool run(int threads) {
        if (photos_.empty()) return true;
        std::vector<std::future<void>> others;
        for (int i = 1; i < threads; ++i)
            others.push_back(std::async(std::launch::async, [this] { look(); }));
        look();
        for (auto& other : others) other.get();
        return !InterruptGuard::interrupted();
    }

    std::size_t failed() const { return failed_; }

private:
    void look() {
        for (std::size_t i = 0; (i = next_++) < options_.views && !InterruptGuard::interrupted();) {
            const std::size_t place = i % photos_.size();
            const std::size_t pass = i / photos_.size();
            if (const auto photo = read(photos_[place], pass == 0))
                lesson_.add(*photo, 3 * i + (place + pass) % 3, place % held_out_every == held_out_every - 1);
            if (!options_.quiet && (i + 1) % told_every == 0)
                tell(fmt::format("the teacher has seen {} of {} views", i + 1, options_.views));
        }
    }

    /// None where the photo cannot be read, which is told the first time.
    std::optional<Image> read(const Photo& photo, bool first) {
        try {
            return read_image(photo.file, large_enough).image;
        } catch (const Error& error) {
            if (first && photo.expected) {
                tell(error.what());
                ++failed_;
            }
            return std::nullopt;
        }
    }

    void tell(const std::string& what) {
        const std::lock_guard lock(telling_);
        err_ << "piaa-batch: " << what << std::endl;
    }

    Distillation& lesson_;
    std::vector<Photo> photos_;
    const TrainDistilOptions& options_;
    std::ostream& err_;
    std::mutex telling_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<std::size_t> failed_ = 0;
};

int train(const TrainDistilOptions& options, std::ostream& err) {
    const InterruptGuard guard;
    const Model teacher = load_chosen_model(options.teacher, options.device);
    BackboneOptions network;
    network.input_side = options.input_size;
    network.model.device = options.device;
    const Model student = load_backbone(options.student, network);
    DistilOptions learning = options.learning;
    learning.threads =
        options.jobs > 0 ? options.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    Distillation lesson(teacher, prior_of(teacher, options.prior), student, learning);

    PhotoList list = list_photos(options.paths);
    for (const Error& error : list.errors) err << "piaa-batch: " << error.what() << '\n';
    std::size_t failed = list.errors.size();
    Viewing viewing(lesson, std::move(list.photos), options, err);
    if (!viewing.run(learning.threads)) return some_files_failed;
    failed += viewing.failed();
    const bool whole = lesson.learn([&](const DistilProgress& progress) {
        if (!options.quiet) {
            err << fmt::format("piaa-batch: step {} of {}, loss {:.4f}", progress.step, progress.steps,
                               progress.loss);
            if (progress.held_out > 0)
                err << fmt::format(", on photos not learned from {:.4f}", progress.held_out);
            err << std::endl;
        }
        return !InterruptGuard::interrupted();
    });
    if (!whole) return some_files_failed;
    lesson.save(options.output);
    return failed > 0 ? some_files_failed : done;
}

}  // namespace

void add_train_distil(CLI::App& train_app, std::function<void(const TrainDistilOptions&)> run) {
    auto* command = train_app.add_subcommand(
        "distil", "Teach one network to see what another model sees, on photos without ratings");
    auto options = std::make_shared<TrainDistilOptions>();
    command->add_option("PATH", options->paths, "Photos, or folders of photos")->required();
    command->add_option("--teacher", options->teacher,
                        "The model to learn from; the default one if not given");
    add_path_option(*command, "--prior", options->prior,
                    "The teacher's prior, whose directions count; the shipped one if not given");
    add_path_option(*command, "--student", options->student,
                    "The network that learns: a model or its weights")
        ->required();
    command
        ->add_option("--input-size", options->input_size, "Side of the square with as many pixels as it sees")
        ->check(CLI::Range(32, 1024))
        ->capture_default_str();
    command->add_option("--views", options->views, "Views of the photos, in total")
        ->check(CLI::Range(1, 100'000'000))
        ->capture_default_str();
    DistilOptions& learning = options->learning;
    command->add_option("--epochs", learning.epochs, "Passes over the views")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--batch", learning.batch, "Views a step")
        ->check(CLI::Range(2, 4096))
        ->capture_default_str();
    command
        ->add_option("--rate", learning.rate, "Learning rate after the warm-up, falling to none by a cosine")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--seed", learning.seed, "Of the views and their order")->capture_default_str();
    command->add_flag("--bfloat16", learning.bfloat16,
                      "Convolutions in 16 bits, faster on processors with AMX or AVX-512 BF16");
    command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")->capture_default_str();
    add_path_option(*command, "--output,-o", options->output,
                    "The network to write, for train generic --backbone")
        ->required();
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_train_distil(const TrainDistilOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
