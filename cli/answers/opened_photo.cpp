#include "answers/opened_photo.h"

#include <utility>

#include <piaa/level.h>

namespace piaa::cli {

OpenedPhoto::OpenedPhoto(Photo photo, Features looked_at, const PersonalModel& scorer)
    : name(std::move(photo)), features(std::move(looked_at)), model_hash(scorer.model().info().hash) {
    if (!features.picture || shows_lines(features.picture->size(), features.photo)) name.bytes = nullptr;
}

std::optional<Image> OpenedPhoto::lines_for(const CropRequest& request) const {
    if (!request.straighten || !name.bytes) return std::nullopt;
    return picture_for_lines(name, features);
}

}  // namespace piaa::cli
