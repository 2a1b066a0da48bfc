#pragma once

#include <vector>

#include <piaa/close_look.h>
#include <piaa/model.h>

#include "cache/kept_subject.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// A photo of a group.
struct GroupPhoto {
    Photo photo;
    Size size;            ///< pixels, after orientation
    KeptSubject subject;  ///< where the first look saw it; empty: not known
};

/// Decodes the photos of one group again, to every pixel, and looks at each closely, at the size of the
/// largest of them. Where a photo's subject is not known, the network runs again.
/// A look without places stands for a photo that is gone or has changed. jobs: workers, at least 1.
std::vector<CloseLook> look_closely(const Model& model, const std::vector<GroupPhoto>& group, int jobs);

}  // namespace piaa::cli
