#include "training/population_em.h"

#include <map>
#include <vector>

#include "datasets/person_means.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int steps = 40;
constexpr double first_variance = 0.05;
constexpr double pseudo_people = 5;  ///< that hold the covariance away from singular
constexpr double least_variance = 1e-6;

/// What the sums over one person's ratings say of their weights.
struct PersonSums {
    MatrixXd products;
    VectorXd targets;
    double squares = 0;
    double count = 0;
};

std::vector<PersonSums> sums_of(const RatingsTable& ratings, const MatrixXd& rows) {
    std::vector<PersonSums> people;
    for (const auto& person : person_means(ratings)) {
        PersonSums sums{MatrixXd::Zero(rows.cols(), rows.cols()), VectorXd::Zero(rows.cols())};
        for (const auto& [photo, rating] : person) {
            const VectorXd x = rows.row(static_cast<Index>(photo)).transpose();
            sums.products += x * x.transpose();
            sums.targets += rating * x;
            sums.squares += rating * rating;
            sums.count += 1;
        }
        people.push_back(std::move(sums));
    }
    return people;
}

}  // namespace

void fit_population(PriorParts& prior, const RatingsTable& ratings, const VectorXd& generic,
                    const MatrixXd& directions) {
    prior.centre = generic.mean();
    const Index size = directions.cols() + 2;
    MatrixXd rows(generic.size(), size);
    rows.col(0).setOnes();
    rows.col(1) = generic.array() - prior.centre;
    rows.rightCols(directions.cols()) = directions;
    const auto people = sums_of(ratings, rows);

    VectorXd mean = VectorXd::Zero(size);
    mean[0] = prior.centre;
    mean[1] = 1;
    MatrixXd covariance = first_variance * MatrixXd::Identity(size, size);
    double noise = first_variance;
    const auto count = static_cast<double>(people.size());
    for (int step = 0; step < steps; ++step) {
        const MatrixXd precision = covariance.llt().solve(MatrixXd::Identity(size, size));
        std::vector<VectorXd> means;
        MatrixXd spread = MatrixXd::Zero(size, size);
        double squared_residuals = 0;
        double total = 0;
        for (const PersonSums& person : people) {
            const MatrixXd posterior =
                (precision + person.products / noise).llt().solve(MatrixXd::Identity(size, size));
            means.emplace_back(posterior * (precision * mean + person.targets / noise));
            const VectorXd& m = means.back();
            spread += posterior;
            squared_residuals += person.squares - 2 * m.dot(person.targets) + m.dot(person.products * m) +
                                 (person.products * posterior).trace();
            total += person.count;
        }
        mean.head(2).setZero();
        for (const VectorXd& m : means) mean.head(2) += m.head(2) / count;
        for (const VectorXd& m : means) spread += (m - mean) * (m - mean).transpose();
        spread.diagonal().array() += pseudo_people * least_variance;
        covariance = spread / (count + pseudo_people);
        noise = squared_residuals / total;
    }
    prior.mean.assign(mean.data(), mean.data() + size);
    prior.covariance.assign(covariance.data(), covariance.data() + covariance.size());
    prior.noise = noise;
}

}  // namespace piaa
