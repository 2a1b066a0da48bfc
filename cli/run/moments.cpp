#include "run/moments.h"

#include <optional>

#include <piaa/embedding.h>
#include <piaa/error.h>

#include "limits/machine_limits.h"
#include "metadata/capture_facts.h"
#include "photos/small_image.h"

namespace piaa::cli {
namespace {

/// The photo small; nothing when it is gone or changed since it was scored.
std::optional<Image> read_small(const Photo& photo, int side) {
    try {
        return read_within(photo, side);
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace

Moments::Moments(const Model& model, const PhotoRunOptions& run)
    : model_(model), jobs_(plan_work(run.jobs, run.memory, machine_limits()).jobs) {}

void Moments::add(const PhotoResult& photo, const Photo& source, double score) {
    const auto facts = capture_facts(source);
    files_.push_back({source, photo.features.photo, photo.subject});
    photos_.push_back({photo.features.content_id, look(model_, photo.features),
                       embedding(model_, photo.features), score, facts.time, facts.exposure});
}

std::vector<PhotoGroup> Moments::groups() const {
    return group_photos(photos_, [&](std::size_t photo) { return read_small(files_[photo].photo, 128); });
}

std::vector<GroupPlace> Moments::compared(const PhotoGroup& group) const {
    if (group.kind != PhotoGroup::Kind::alike) return std::vector<GroupPlace>(group.photos.size());
    std::vector<double> scores;
    std::vector<GroupPhoto> photos;
    for (const auto i : group.photos) {
        scores.push_back(photos_[i].score);
        photos.push_back(files_[i]);
    }
    return compare_in_group(scores, look_closely(model_, photos, jobs_));
}

std::vector<bool> Moments::soft_subjects() const {
    std::vector<bool> soft(photos_.size());
    for (const PhotoGroup& group : groups()) {
        const auto places = compared(group);
        for (std::size_t i = 0; i < places.size(); ++i) soft[group.photos[i]] = places[i].soft_subject();
    }
    return soft;
}

}  // namespace piaa::cli
