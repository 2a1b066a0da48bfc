#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <piaa/features.h>
#include <piaa/personal_model.h>

#include "crops/photo_crops.h"
#include "photos/file_bytes.h"
#include "photos/photo_list.h"

namespace piaa::cli {

// One photo at a time, for programs that ask for it: the same decoding, the same network and the same records
// as the commands', to the last digit. All are safe to call from several threads.

/// Features of a photo as it is in a file. name: for errors. maps: for crops and reasons. Throws as
/// decode_image() and extract_features() do.
Features look_at(const Model& model, const FileBytes& bytes, const boost::filesystem::path& name, bool maps);

/// Features of pixels. A picture that is larger than decode_size() is not made smaller first, so a score may
/// differ from that of its file in the last digits.
Features look_at(const Model& model, const Image& image, bool maps);

/// What `score` says of a photo, as score_row() takes it. photo: what is said of it.
nlohmann::ordered_json scored_record(const PersonalModel& scorer, const Photo& photo,
                                     const Features& features);

/// A row of `score --format jsonl`.
nlohmann::ordered_json score_answer(const PersonalModel& scorer, const Photo& photo,
                                    const Features& features);

/// The row for a photo that could not be looked at.
nlohmann::ordered_json score_failure(const PersonalModel& scorer, const Photo& photo,
                                     const std::string& error);

/// Rows of `crop --format jsonl`, one for each format. lines: picture_for_lines() where the photo is to be
/// levelled.
std::vector<nlohmann::ordered_json> crop_answers(const PersonalModel& scorer, const Photo& photo,
                                                 const Features& features, const CropRequest& request,
                                                 const std::optional<Image>& lines = {});

/// The row for a photo that has none because it could not be looked at.
nlohmann::ordered_json crop_failure(const PersonalModel& scorer, const Photo& photo, const std::string& error,
                                    bool ranked, bool straightened);

/// The same for explain, and what rows of other commands are made of.
nlohmann::ordered_json explain_failure(const PersonalModel& scorer, const Photo& photo,
                                       const std::string& error);

/// Where a photo is sharp, in one sentence. features: with maps. Empty where it cannot be looked at again: it
/// is gone, or was pixels from the start.
std::string sharpness_of(const Model& model, const Photo& photo, const Features& features);

/// What `explain` writes as JSON. features: as seen_both_ways() gives them. sharpness: as sharpness_of() says
/// it.
nlohmann::ordered_json explain_answer(const PersonalModel& scorer, const Photo& photo,
                                      const Features& features, const std::string& sharpness);

}  // namespace piaa::cli
