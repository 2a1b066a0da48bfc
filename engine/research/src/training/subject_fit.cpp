#include "training/subject_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include <piaa/error.h>

#include "model/model_impl.h"

namespace piaa {
namespace {

/// The mean of the mask over each place, 0 to 1.
Plane mask_by_place(const Image& mask, int width, int height) {
    Plane sum(width, height);
    Plane count(width, height);
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x) {
            const int column = x * width / mask.width();
            const int row = y * height / mask.height();
            sum.at(column, row) += static_cast<float>(mask.at(x, y)[0]) / 255;
            count.at(column, row) += 1;
        }
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] /= std::max(1.0F, count.values[i]);
    return sum;
}

}  // namespace

int subject_stage(const Model& model) {
    const auto& stages = model.impl().stages;
    int stage = 0;
    for (std::size_t i = 0; i < stages.size(); ++i)
        if (!stages[i].is_whole()) stage = static_cast<int>(i);
    return stage;
}

SubjectFit::SubjectFit(int stage, int channels, double penalty)
    : stage_(stage),
      penalty_(penalty),
      gram_(Eigen::MatrixXd::Zero(channels + 1, channels + 1)),
      right_(Eigen::VectorXd::Zero(channels + 1)) {}

void SubjectFit::add(const FeatureMap& map, const Image& mask) {
    const Plane wanted = mask_by_place(mask, map.width, map.height);
    const auto places = static_cast<Eigen::Index>(wanted.values.size());
    Eigen::MatrixXd rows(places, gram_.rows());
    for (Eigen::Index i = 0; i < places; ++i) {
        const auto place = static_cast<int>(i);
        const std::vector<float> values = levelled(map.at(place % map.width, place / map.width));
        rows.row(i).head(map.channels) =
            Eigen::Map<const Eigen::RowVectorXf>(values.data(), map.channels).cast<double>();
        rows(i, map.channels) = 1;
    }
    const Eigen::VectorXd target =
        Eigen::Map<const Eigen::VectorXf>(wanted.values.data(), places).cast<double>();
    gram_.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
    right_ += rows.transpose() * target;
    square_ += target.squaredNorm();
    ++pictures_;
}

void SubjectFit::merge(const SubjectFit& other) {
    gram_ += other.gram_;
    right_ += other.right_;
    square_ += other.square_;
    pictures_ += other.pictures_;
}

std::pair<SubjectHead, double> SubjectFit::solve() const {
    if (pictures_ < 2)
        throw Error(ErrorCode::bad_data, "fewer than two pictures have a mask of their subject");
    const Eigen::Index channels = gram_.rows() - 1;
    const Eigen::MatrixXd gram = gram_.selfadjointView<Eigen::Lower>();
    const double places = gram(channels, channels);
    Eigen::MatrixXd held = gram;
    held.diagonal().head(channels).array() += penalty_ * places;
    const Eigen::VectorXd solution = held.ldlt().solve(right_);

    SubjectHead head{stage_, {}, static_cast<float>(solution[channels])};
    for (Eigen::Index c = 0; c < channels; ++c) head.weights.push_back(static_cast<float>(solution[c]));
    const double mean = right_[channels] / places;
    const double said = gram.row(channels).dot(solution) / places;
    const double covariance = solution.dot(right_) / places - mean * said;
    const double spread = solution.dot(gram * solution) / places - said * said;
    return {std::move(head), covariance / std::sqrt(spread * (square_ / places - mean * mean))};
}

}  // namespace piaa
