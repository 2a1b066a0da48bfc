#pragma once

#include <Eigen/Core>
#include <utility>

#include <piaa/feature_map.h>
#include <piaa/image.h>
#include <piaa/model.h>

#include "crop/subject_head.h"

namespace piaa {

/// The deepest stage of a model that has places.
int subject_stage(const Model& model);

/// Least squares of masks on the channels of a stage, gathered picture by picture.
class PIAA_API SubjectFit {
public:
    /// penalty: of the weights, beside a variance of 1 per channel.
    SubjectFit(int stage, int channels, double penalty = 1e-3);

    int stage() const { return stage_; }
    /// map: of stage(). mask: 0 for background to 255 for subject, of the same picture at any size.
    void add(const FeatureMap& map, const Image& mask);
    /// All that `other`, a fit of the same stage, was given.
    void merge(const SubjectFit& other);
    /// The head, and its correlation with the masks. Throws Error(bad_data) with fewer than two pictures.
    std::pair<SubjectHead, double> solve() const;

private:
    int stage_;
    double penalty_;
    Eigen::MatrixXd gram_;  ///< of the channels and a constant, lower half
    Eigen::VectorXd right_;
    double square_ = 0;
    int pictures_ = 0;
};

}  // namespace piaa
