#include "answers/photo_answers.h"

#include <atomic>
#include <optional>

#include <nlohmann/json.hpp>

#include <piaa/close_look.h>
#include <piaa/error.h>
#include <piaa/polish.h>
#include <piaa/subject.h>

#include "crops/crop_record.h"
#include "photos/image_file.h"
#include "photos/small_image.h"
#include "report/explanation.h"
#include "report/json_rows.h"
#include "report/score_row.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {

Features look_at(const Model& model, const Image& image, bool maps) {
    return std::move(extract_features(model, {&image, 1}, {.keep_maps = maps}).front());
}

Features look_at(const Model& model, const FileBytes& bytes, const boost::filesystem::path& name, bool maps) {
    const auto photo = decode_image(bytes, name, [&](Size size) { return decode_size(model, size); });
    Features features = look_at(model, photo.image, maps);
    features.photo = photo.photo;
    return features;
}

Json scored_record(const PersonalModel& scorer, const Photo& photo, const Features& features) {
    Json record = score_record(photo, features.content_id, scorer.score(features), scorer.is_personal());
    add_polish(record, scorer.model(), features);
    add_provenance(record, scorer);
    return record;
}

Json score_answer(const PersonalModel& scorer, const Photo& photo, const Features& features) {
    return score_row(scored_record(scorer, photo, features));
}

Json score_failure(const PersonalModel& scorer, const Photo& photo, const std::string& error) {
    return score_row(explain_failure(scorer, photo, error));
}

Json crop_failure(const PersonalModel& scorer, const Photo& photo, const std::string& error, bool ranked,
                  bool straightened) {
    return crop_json_row(explain_failure(scorer, photo, error), ranked, straightened);
}

std::vector<Json> crop_answers(const PersonalModel& scorer, const Photo& photo, const Features& features,
                               const CropRequest& request, const std::optional<Image>& lines) {
    const auto formats = requested_formats(request);
    std::atomic<bool> faces = request.faces;
    const FoundCrops found = find_photo_crops(request, formats, scorer, features, faces, lines);
    std::vector<Json> records;
    for (std::size_t i = 0; i < formats.size(); ++i) {
        records.push_back(crop_record(photo.file.string(), found.seen(features), formats[i], found.results[i],
                                      found.levelling));
        if (!photo.id.empty()) records.back()["id"] = photo.id;
        add_provenance(records.back(), scorer);
    }
    rank_records(records, found.fits);
    for (Json& record : records) record = crop_json_row(record, request.rank, request.straighten);
    return records;
}

Json explain_failure(const PersonalModel& scorer, const Photo& photo, const std::string& error) {
    Json record = {
        {"schema", score_row_schema}, {"id", photo.id}, {"path", photo.file.string()}, {"error", error}};
    add_provenance(record, scorer);
    return record;
}

std::string sharpness_of(const Model& model, const Photo& photo, const Features& features) {
    if (!photo.bytes && photo.file.empty()) return "";
    try {
        const Image image = read_closely(photo, close_side(features.photo));
        const auto heads = features.picture ? heads_in(*features.picture) : std::vector<Box>();
        return sharpness_in_words(look_closely(image, find_subject(model, features), heads));
    } catch (const Error&) {
        return "";
    }
}

Json explain_answer(const PersonalModel& scorer, const Photo& photo, const Features& features,
                    const std::string& sharpness) {
    Json record = {{"schema", score_row_schema}, {"id", photo.id}};
    record.update(explanation(photo.file.string(), scorer.reasons(features), polish(scorer.model(), features),
                              sharpness));
    add_provenance(record, scorer);
    record["error"] = "";
    return record;
}

}  // namespace piaa::cli
