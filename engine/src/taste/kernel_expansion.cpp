#include "taste/kernel_expansion.h"

#include <array>
#include <set>
#include <vector>

#include <piaa/error.h>

#include "taste/learner.h"

namespace piaa {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr const char* linear_key = "linear";
constexpr const char* dual_key = "pull";
constexpr const char* width_key = "width";

LearnedTensor list_of(const VectorXd& values) {
    return {{values.size()}, {values.begin(), values.end()}};
}

}  // namespace

MatrixXd content_of_rated(const Prior& prior, const UserProfile& profile, ContentFeatures content) {
    std::set<std::string> rated;
    for (const Feedback& event : profile.events())
        if (event.kind == FeedbackKind::rating) rated.insert(event.photo);
    std::vector<VectorXd> all;
    for (const std::string& photo : rated) {
        const auto& row = profile.rows().at(photo);
        if (row.size() != prior.row_length())
            throw Error(ErrorCode::bad_profile, "profile's feature rows have " + std::to_string(row.size()) +
                                                    " numbers and should have " +
                                                    std::to_string(prior.row_length()));
        all.push_back(content(prior, row));
    }
    MatrixXd matrix(static_cast<Index>(all.size()), all.empty() ? 0 : all.front().size());
    for (std::size_t i = 0; i < all.size(); ++i) matrix.row(static_cast<Index>(i)) = all[i];
    return matrix;
}

void keep_expansion(const KernelExpansion& expansion, Learned& learned) {
    if (expansion.linear.size() > 0) learned.tensors[linear_key] = list_of(expansion.linear);
    if (expansion.dual.size() == 0) return;
    learned.tensors[dual_key] = list_of(expansion.dual);
    learned.numbers[width_key] = expansion.width;
}

double kernel_expansion(const Prior& prior, const UserProfile& profile, std::span<const float> row) {
    const Learned& learned = profile.learned();
    if (!learned.tensors.contains(linear_key) && !learned.tensors.contains(dual_key)) return 0;
    ContentFeatures content = nullptr;
    for (const Learner& learner : learners())
        if (learner.name == learned.method) content = learner.content;
    if (content == nullptr)
        throw Error(ErrorCode::bad_profile, "profile's method is '" + learned.method +
                                                "', which has no use for its tensors linear and pull");
    const auto values = [&](const std::string& name, Index size) {
        const auto& tensor = learned.tensor(name, std::array{static_cast<std::int64_t>(size)}).values;
        return VectorXd(Eigen::Map<const Eigen::VectorXf>(tensor.data(), size).cast<double>());
    };
    KernelExpansion part;
    const VectorXd seen = content(prior, row);
    if (learned.tensors.contains(linear_key)) part.linear = values(linear_key, seen.size());
    if (learned.tensors.contains(dual_key)) {
        part.support_points = content_of_rated(prior, profile, content);
        part.dual = values(dual_key, part.support_points.rows());
        part.width = learned.number(width_key);
        if (!(part.width > 0)) throw Error(ErrorCode::bad_profile, "number width should be above 0");
    }
    return part(seen.transpose())[0];
}

}  // namespace piaa
