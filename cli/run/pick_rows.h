#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/close_look.h>
#include <piaa/culling.h>
#include <piaa/personal_model.h>

#include "cache/kept_subject.h"
#include "run/photo_pipeline.h"

namespace piaa::cli {

/// What is told of one of the photos.
struct PickRow {
    std::size_t photo = 0;  ///< place in the order of add()
    nlohmann::ordered_json row;
};

/// The photos of a run, of which the best of each moment are to be chosen.
class PickCandidates {
public:
    /// jobs: workers for closer looks. The model must outlive the candidates.
    PickCandidates(const PersonalModel& scorer, int jobs) : scorer_(scorer), jobs_(jobs) {}

    /// A photo with features, and where it can be read again, with what its camera noted.
    void add(const PhotoResult& photo, const Photo& source);

    /// One row per photo, the groups in the order of their first photo, each best first.
    std::vector<PickRow> groups() const;
    /// The best of each group that is judged as a photo, and of those a varied set.
    std::vector<PickRow> cover(std::size_t count) const;

private:
    struct Candidate {
        std::string path, id;
        Photo source;
        Score score;
        Size size;
        KeptSubject subject;
    };

    std::vector<PhotoGroup> grouped() const;
    std::vector<GroupPlace> compared(const PhotoGroup& group) const;
    std::size_t best_of(const PhotoGroup& group) const;
    nlohmann::ordered_json row_of(std::size_t photo) const;

    const PersonalModel& scorer_;
    int jobs_;
    std::vector<Candidate> files_;
    std::vector<PickPhoto> photos_;  // one for each of files_
};

}  // namespace piaa::cli
