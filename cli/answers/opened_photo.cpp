#include "answers/opened_photo.h"

#include <utility>

#include "answers/photo_answers.h"

namespace piaa::cli {

OpenedPhoto::OpenedPhoto(Photo photo, Features looked_at, const PersonalModel& scorer)
    : name(std::move(photo)), features(std::move(looked_at)), model_hash(scorer.model().info().hash) {
    if (features.maps.empty()) name.bytes = nullptr;
}

std::optional<Image> OpenedPhoto::lines_for(const CropRequest& request) const {
    if (!request.straighten || !name.bytes) return std::nullopt;
    return picture_for_lines(name, features);
}

nlohmann::ordered_json OpenedPhoto::explained(const PersonalModel& scorer) const {
    const std::string sharpness = name.bytes ? sharpness_of(scorer.model(), name, features) : "";
    return explain_answer(scorer, name, seen_both_ways(scorer.model(), features), sharpness);
}

}  // namespace piaa::cli
