#pragma once

#include <optional>
#include <string>

#include "actions/session.h"
#include "actions/settings.h"

namespace piaa::plugin {

/// "7.4 of 10  ★★★★"; what people in general would say beside a personal score.
std::string score_text(const Score& score, bool personal);
/// The reasons as `piaa-batch explain` words them, or said to the person, a line each, without the scores,
/// which stand beside.
std::string reasons_text(const Reasons& reasons, Listener listener);
/// "Crop 2 of 5".
std::string crop_title(std::size_t index, std::size_t count);
/// What it would score where that is known by now, framing, size, reasons and what cannot be met, a line
/// each.
std::string crop_text(const CropCandidate& crop, const std::optional<Score>& score, const Score& photo);
/// "Levelled by 1.8 degrees", or why not. guides: crops are to be shown as guides, which cannot be turned.
std::string level_text(double angle, bool keeps_tilt, bool guides);
/// "Heatmap: everyone's eye".
std::string map_layer_name(HeatmapKind kind, bool colour);
/// How sure the profile is: "12 ratings, 4 comparisons, trusted 60 %", or how many more are wanted.
std::string person_text(const UserProfile& profile, const Score& score);
/// What the person gave this photo, 1 to 5.
std::string rating_text(int stars, Listener listener);
/// Whose eye a map shows: "Your eye".
std::string map_text(HeatmapKind kind, Listener listener);
/// A sentence for people: first letter large, ends with a full stop.
std::string sentence(const std::string& error);

}  // namespace piaa::plugin
