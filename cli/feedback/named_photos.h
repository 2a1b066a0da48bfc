#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <piaa/features.h>
#include <piaa/model.h>

#include "feedback/named_feedback.h"
#include "feedback/rated_photos.h"

namespace piaa::cli {

/// The pictures that feedback names and that could be read, by those names: files below the folder, photos
/// below it that have a content id, or parts of either (PictureName; in percent for content ids), which are
/// seen as pictures of their own. A line on run.messages for each that cannot be read. Throws Error(bad_data)
/// when none can.
std::map<std::string, Features> read_named_photos(const boost::filesystem::path& folder, const Model& model,
                                                  const std::vector<NamedFeedback>& feedback,
                                                  const FeatureRun& run);

/// The photo with this content id, or else the one that differs least and is the same_photo(); null for none.
const NamedFeatures* photo_with_id(const std::vector<NamedFeatures>& photos, const std::string& content_id);

}  // namespace piaa::cli
