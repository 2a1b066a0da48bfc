#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "run/moments.h"

namespace piaa::cli {

/// Holds the rows of a run back until it is known whose subject is clearly softer than in the sharpest photo
/// of the same moment; those get the flag "soft_subject".
class SoftSubjects {
public:
    using Tell = std::function<void(nlohmann::ordered_json&&)>;

    /// As Moments.
    SoftSubjects(const Model& model, const PhotoRunOptions& run) : moments_(model, run) {}

    /// A photo of the run, told or not; the run keeps subjects.
    void saw(const PhotoResult& photo, double score) { saw(photo, photo.photo, score); }
    /// source: as Moments::add().
    void saw(const PhotoResult& photo, const Photo& source, double score) {
        moments_.add(photo, source, score);
    }
    /// The row of the photo seen last, with flags as a list of names.
    void hold(nlohmann::ordered_json record, Tell tell);
    /// A row of its own, which is told in its place.
    void pass(nlohmann::ordered_json record, Tell tell);

    /// Tells all rows in the order in which they came.
    void tell();

private:
    struct Held {
        std::optional<std::size_t> photo;  ///< its place in moments_
        nlohmann::ordered_json record;
        Tell tell;
    };
    Moments moments_;
    std::vector<Held> held_;
};

}  // namespace piaa::cli
