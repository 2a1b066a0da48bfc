#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/culling.h>
#include <piaa/personal_model.h>

#include "run/moments.h"

namespace piaa::cli {

/// What is told of one of the photos.
struct PickRow {
    std::size_t photo = 0;  ///< place in the order of add()
    nlohmann::ordered_json row;
};

/// The photos of a run, of which the best of each moment are to be chosen.
class PickCandidates {
public:
    /// As Moments. The person must outlive the candidates.
    PickCandidates(const PersonalModel& scorer, const PhotoRunOptions& run)
        : scorer_(scorer), moments_(scorer.model(), run) {}

    /// As Moments.
    void add(const PhotoResult& photo, const Photo& source);

    /// One row per photo, the groups in the order of their first photo, each best first.
    std::vector<PickRow> groups() const;
    /// The best of each group that is judged as a photo, and of those a varied set.
    std::vector<PickRow> cover(std::size_t count) const;

private:
    struct Candidate {
        std::string path, id;
        Score score;
    };

    std::size_t best_of(const PhotoGroup& group) const;
    nlohmann::ordered_json row_of(std::size_t photo) const;

    const PersonalModel& scorer_;
    Moments moments_;
    std::vector<Candidate> files_;  // one for each photo of moments_
};

}  // namespace piaa::cli
