#pragma once

#include <span>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

struct SubjectFeatures {
    Features features;           ///< without maps and picture
    std::vector<float> subject;  ///< as find_subject() says it
};

/// extract_features() without maps, and where the subject is, by the same pass of the network.
PIAA_API std::vector<SubjectFeatures> extract_with_subjects(const Model& model,
                                                            std::span<const Image> images);

}  // namespace piaa
