#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <piaa/close_look.h>
#include <piaa/culling.h>
#include <piaa/model.h>

#include "run/close_looks.h"
#include "run/photo_run.h"

namespace piaa::cli {

/// The photos of a run, to be put into groups of one moment and compared within those.
class Moments {
public:
    /// jobs: as PhotoRunOptions has it for the run, with its memory limit. Refers to the model.
    Moments(const Model& model, const PhotoRunOptions& run);

    /// photo: of a run that keeps subjects; its place is the number of photos before it. source: where it can
    /// be read again, with what its camera noted.
    void add(const PhotoResult& photo, const Photo& source, double score);

    const std::vector<PickPhoto>& photos() const { return photos_; }

    std::vector<PhotoGroup> groups() const;

    /// How each photo of a group compares; only what one of several is to be taken from is looked at closely.
    std::vector<GroupPlace> compared(const PhotoGroup& group) const;

    /// The photos whose subject is clearly softer than in the sharpest one of their moment, by their places.
    std::vector<bool> soft_subjects() const;

private:
    const Model& model_;
    int jobs_;
    std::vector<PickPhoto> photos_;
    std::vector<GroupPhoto> files_;  ///< one for each of photos_
};

}  // namespace piaa::cli
