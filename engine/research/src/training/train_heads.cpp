#include <algorithm>
#include <vector>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/research/train_heads.h>

#include "crop/crop_head.h"
#include "model/model_impl.h"
#include "training/subject_fit.h"

namespace piaa {
namespace {

constexpr double penalty = 0.3;      // photos with boxes are few
constexpr std::size_t folds = 10;    // of the photos, to hold out
constexpr int finest_stride = 16;    // pixels of the network's input
constexpr int mask_scale = 8;        // pixels of a mask per place
constexpr double mostly_head = 0.3;  // of a place that lies on a head

int head_stage(const Model& model) {
    const auto& stages = model.impl().stages;
    int stage = subject_stage(model);
    while (stage > 0 && stages[stage].stride > finest_stride) --stage;
    return stage;
}

double shared_length(double start, double length, double other_start, double other_length) {
    return std::max(0.0, std::min(start + length, other_start + other_length) - std::max(start, other_start));
}

double shared_area(const Box& a, const Box& b) {
    return shared_length(a.x, a.width, b.x, b.width) * shared_length(a.y, a.height, b.y, b.height);
}

/// White where a pixel's middle lies in a box.
Image mask_of(std::span<const Box> heads, Size size) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double column = (x + 0.5) / size.width;
            const double row = (y + 0.5) / size.height;
            const bool inside = std::any_of(heads.begin(), heads.end(), [&](const Box& head) {
                return head.x <= column && column < head.right() && head.y <= row && row < head.bottom();
            });
            pixels.insert(pixels.end(), 3, inside ? 255 : 0);
        }
    return Image(size, std::move(pixels));
}

struct MarkedPhoto {
    FeatureMap map;
    std::vector<Box> heads;
};

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

}  // namespace

struct HeadTrainer::State {
    explicit State(const Model& model)
        : name(crop_head_name(model.info())),
          empty(head_stage(model), model.impl().stages[head_stage(model)].channels, penalty) {}
    std::string name;
    SubjectFit empty;
    std::vector<MarkedPhoto> photos;
    HeadReading learned;

    /// From all photos but those of one fold; from all for a fold that there is not.
    SubjectHead reading_without(std::size_t fold, const std::vector<SubjectFit>& fits) const {
        SubjectFit rest = empty;
        for (std::size_t other = 0; other < fits.size(); ++other)
            if (other != fold) rest.merge(fits[other]);
        return rest.solve().first;
    }
};

HeadTrainer::HeadTrainer(const Model& model) : state_(new State(model)) {}

HeadTrainer::~HeadTrainer() = default;

void HeadTrainer::add(const Features& photo, std::span<const Box> heads) {
    for (const Box& head : heads)
        if (!(head.x >= 0 && head.y >= 0 && head.width > 0 && head.height > 0 && head.right() <= 1 + 1e-9 &&
              head.bottom() <= 1 + 1e-9))
            throw Error(ErrorCode::bad_argument, "the box of a head is empty or lies outside the photo");
    state_->photos.push_back({photo.maps.at(state_->empty.stage()), {heads.begin(), heads.end()}});
}

HeadLesson HeadTrainer::learn() {
    HeadLesson lesson{state_->photos.size()};
    std::vector<SubjectFit> fits(std::min(folds, state_->photos.size()), state_->empty);
    for (std::size_t i = 0; i < state_->photos.size(); ++i) {
        const auto& [map, heads] = state_->photos[i];
        fits[i % fits.size()].add(map, mask_of(heads, {map.width * mask_scale, map.height * mask_scale}));
        lesson.with_heads += heads.empty() ? 0 : 1;
    }
    if (lesson.with_heads < 2 || lesson.photos - lesson.with_heads < 2)
        throw Error(ErrorCode::bad_data, std::to_string(lesson.with_heads) + " of " +
                                             std::to_string(lesson.photos) +
                                             " photos show a head; at least two should, and two should not");
    std::vector<double> highest_with, highest_without;
    for (std::size_t fold = 0; fold < fits.size(); ++fold) {
        const SubjectHead reading = state_->reading_without(fold, fits);
        for (std::size_t i = fold; i < state_->photos.size(); i += fits.size()) {
            const auto& [map, heads] = state_->photos[i];
            const Plane chance = subject_chance(map, reading);
            const auto highest = std::max_element(chance.values.begin(), chance.values.end());
            (heads.empty() ? highest_without : highest_with).push_back(*highest);
            const auto place = static_cast<int>(highest - chance.values.begin());
            const Box there{double(place % map.width) / map.width, double(place / map.width) / map.height,
                            1.0 / map.width, 1.0 / map.height};
            lesson.found += std::any_of(heads.begin(), heads.end(), [&](const Box& head) {
                return shared_area(head, there) > mostly_head * there.area();
            });
        }
    }
    lesson.least = (mean(highest_with) + mean(highest_without)) / 2;
    state_->learned = {state_->reading_without(fits.size(), fits), lesson.least};
    return lesson;
}

void HeadTrainer::save(const boost::filesystem::path& file) const {
    auto heads = read_crop_heads(file);
    const auto found = heads.find(state_->name);
    if (found == heads.end())
        throw Error(ErrorCode::bad_data,
                    file.string() + " holds no crop head for " + state_->name + ", which should come first");
    found->second.heads = state_->learned;
    write_crop_heads(file, heads);
}

}  // namespace piaa
