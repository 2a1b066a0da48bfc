#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include <piaa/error.h>
#include <piaa/research/personal_evaluation.h>
#include <piaa/shuffle.h>

#include "datasets/person_means.h"
#include "math/indexing.h"
#include "selection/variance_reduction.h"
#include "taste/design_row.h"
#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double normal_90 = 1.645;
constexpr std::size_t fewest_test_photos = 3;
constexpr double much_worse = -0.02;  ///< a gain of SROCC that a person might notice

/// One person's photos and ratings, on 0 to 1.
struct Person {
    std::string name;
    MatrixXd rows;
    std::map<ContentFeatures, MatrixXd> content;  ///< photos as the methods see them
    VectorXd ratings;
    std::vector<std::size_t> photos;  ///< of each row, its place in the table
    VectorXd reference;               ///< the generic scores that gains are over
};

std::vector<Person> people_of(const Prior& prior, const std::vector<std::vector<float>>& rows,
                              const RatingsTable& table, const std::vector<double>& reference,
                              const std::vector<const Learner*>& methods) {
    std::map<ContentFeatures, std::vector<VectorXd>> seen;
    for (const Learner* method : methods)
        if (method->content != nullptr && seen[method->content].empty())
            for (const auto& row : rows) seen[method->content].push_back(method->content(prior, row));
    const auto means = person_means(table);
    std::vector<Person> people;
    for (std::size_t i = 0; i < means.size(); ++i) {
        const auto count = static_cast<Index>(means[i].size());
        Person person{
            table.raters()[i], MatrixXd(count, static_cast<Index>(prior.weights())), {}, VectorXd(count), {},
            VectorXd(count)};
        for (const auto& [look, all] : seen) person.content[look].resize(count, all.front().size());
        Index photo = 0;
        for (const auto& [image, rating] : means[i]) {
            person.rows.row(photo) = design_row(prior, rows[image]);
            person.reference[photo] = reference.empty() ? rows[image][0] : reference[image];
            for (const auto& [look, all] : seen) person.content[look].row(photo) = all[image];
            person.ratings[photo++] = rating;
            person.photos.push_back(image);
        }
        people.push_back(std::move(person));
    }
    return people;
}

/// So many of the people, drawn with the seed and in the table's order.
void keep_sample(std::vector<Person>& people, int most, std::uint64_t seed) {
    if (most <= 0 || people.size() <= static_cast<std::size_t>(most)) return;
    std::vector<std::size_t> order(people.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed + 1);
    shuffle(order, random);
    order.resize(static_cast<std::size_t>(most));
    std::sort(order.begin(), order.end());
    std::vector<Person> sample;
    for (const std::size_t i : order) sample.push_back(std::move(people[i]));
    people = std::move(sample);
}

/// A draw: which photos are learned from at the largest k, in order, and the others.
std::vector<Index> shuffled(Index count, std::mt19937_64& random) {
    std::vector<Index> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), Index{0});
    shuffle(order, random);
    return order;
}

/// What one draw of one person shows of one method.
struct Trial {
    double srocc = undefined;
    double gain = undefined;
    double plcc = undefined;
    double pairs = undefined;
    double ndcg = undefined;
    double trust = undefined;
    double covered = undefined;
};

double mean_of_defined(const std::vector<double>& values) {
    double sum = 0;
    int count = 0;
    for (const double value : values)
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    return count > 0 ? sum / count : undefined;
}

/// Puts the first `pool` photos of a draw in the order in which they would be asked about.
void order_by_variance_reduction(const Prior& prior, const Person& person, std::vector<Index>& order,
                                 std::size_t pool) {
    pool = std::min(pool, order.size());
    const std::vector<Index> drawn(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(pool));
    const auto count = static_cast<Index>(pool);
    const VarianceReduction reduction(person.rows(drawn, indexing::all), weight_prior(prior).covariance,
                                      prior.noise());
    const auto asked = greedy_design(reduction, count, count);
    for (std::size_t i = 0; i < pool; ++i) order[i] = drawn[asked[i]];
}

std::span<const double> view(const VectorXd& values) {
    return {values.data(), static_cast<std::size_t>(values.size())};
}

/// The gain is over `reference`, the generic scores.
Trial compare(const VectorXd& predicted, const VectorXd& reference, const VectorXd& given,
              double rating_step) {
    Trial trial;
    trial.srocc = spearman(view(predicted), view(given));
    trial.gain = trial.srocc - spearman(view(reference), view(given));
    trial.plcc = pearson(view(predicted), view(given));
    trial.pairs = pair_accuracy(view(predicted), view(given), rating_step * (1 - 1e-9));
    trial.ndcg = ndcg(view(predicted), view(given));
    return trial;
}

Trial test(const Prior& prior, const PersonalPredictor& predictor, const MatrixXd& rows,
           const MatrixXd& content, const VectorXd& given, const VectorXd& reference, double rating_step) {
    const VectorXd generic = rows.col(1).array() + prior.centre();
    VectorXd personal = rows * predictor.weights;
    if (!predictor.expansion.empty()) personal += predictor.expansion(content);
    const VectorXd predicted = generic + predictor.gate * (personal - generic);
    Trial trial = compare(predicted, reference, given, rating_step);
    if (predictor.covariance.size() == 0) return trial;
    const VectorXd variance = (rows * predictor.covariance).cwiseProduct(rows).rowwise().sum();
    const VectorXd before = (rows * weight_prior(prior).covariance).cwiseProduct(rows).rowwise().sum();
    trial.trust = predictor.gate * (1 - (variance.array() / before.array()).mean());
    const auto margin = normal_90 * (variance.array() + predictor.noise).sqrt();
    trial.covered = ((given - predicted).array().abs() <= margin).cast<double>().mean();
    return trial;
}

/// The same of a method on photos; with nothing learned it is what its start says.
Trial test(const PhotoMethod& method, const Person& person, std::span<const Index> seen,
           std::span<const Index> held, double rating_step) {
    std::vector<std::pair<std::size_t, double>> rated;
    for (const Index i : seen)
        rated.emplace_back(person.photos[static_cast<std::size_t>(i)], person.ratings[i]);
    std::vector<std::size_t> asked;
    for (const Index i : held) asked.push_back(person.photos[static_cast<std::size_t>(i)]);
    const std::vector<double> predicted = method.learn(rated, asked);
    const std::vector<Index> rows(held.begin(), held.end());
    return compare(Eigen::Map<const VectorXd>(predicted.data(), static_cast<Index>(predicted.size())),
                   person.reference(rows), person.ratings(rows), rating_step);
}

/// Everything measured of one method at one k: people x repeats.
using Trials = std::vector<std::vector<Trial>>;

std::vector<double> over_repeats(const Trials& trials, double Trial::*metric) {
    std::vector<double> means;
    for (const auto& person : trials) {
        std::vector<double> values;
        for (const Trial& trial : person) values.push_back(trial.*metric);
        means.push_back(mean_of_defined(values));
    }
    return means;
}

Interval interval_of(const std::vector<double>& values, std::uint64_t seed) {
    std::vector<double> defined;
    for (const double value : values)
        if (!std::isnan(value)) defined.push_back(value);
    return bootstrap_interval(defined.size(),
                              [&](std::span<const std::size_t> units) {
                                  double sum = 0;
                                  for (const std::size_t unit : units) sum += defined[unit];
                                  return sum / static_cast<double>(units.size());
                              },
                              {.seed = seed});
}

std::vector<double> gain_by_trust(const Trials& trials) {
    std::vector<std::pair<double, double>> all;
    for (const auto& person : trials)
        for (const Trial& trial : person)
            if (!std::isnan(trial.gain)) all.emplace_back(trial.trust, trial.gain);
    std::sort(all.begin(), all.end());
    std::vector<double> thirds;
    for (std::size_t third = 0; third < 3; ++third) {
        std::vector<double> gains;
        for (std::size_t i = all.size() * third / 3; i < all.size() * (third + 1) / 3; ++i)
            gains.push_back(all[i].second);
        thirds.push_back(mean_of_defined(gains));
    }
    return thirds;
}

/// Who is worse off, and by how much.
void count_losers(const std::vector<double>& gains, PersonalMetrics& metrics) {
    std::vector<double> defined;
    for (const double gain : gains)
        if (!std::isnan(gain)) defined.push_back(gain);
    std::sort(defined.begin(), defined.end());
    metrics.people = defined.size();
    metrics.undefined = gains.size() - defined.size();
    const auto share_below = [&](double limit) {
        const auto below = std::lower_bound(defined.begin(), defined.end(), limit) - defined.begin();
        return defined.empty() ? undefined : static_cast<double>(below) / static_cast<double>(defined.size());
    };
    metrics.worse_share = share_below(-1e-12);
    metrics.much_worse_share = share_below(much_worse);
    defined.resize((defined.size() + 9) / 10);
    metrics.worst_tenth = mean_of_defined(defined);
}

PersonalMetrics summarise(const Trials& trials, const std::string& method, int k, std::uint64_t seed) {
    PersonalMetrics metrics;
    metrics.method = method;
    metrics.learned_from = k;
    const auto sroccs = over_repeats(trials, &Trial::srocc);
    const auto gains = over_repeats(trials, &Trial::gain);
    metrics.srocc = mean_of_defined(sroccs);
    metrics.srocc_interval = interval_of(sroccs, seed);
    metrics.gain = mean_of_defined(gains);
    metrics.gain_interval = interval_of(gains, seed);
    metrics.plcc = mean_of_defined(over_repeats(trials, &Trial::plcc));
    metrics.pair_accuracy = mean_of_defined(over_repeats(trials, &Trial::pairs));
    metrics.ndcg = mean_of_defined(over_repeats(trials, &Trial::ndcg));
    count_losers(gains, metrics);
    const double covered = mean_of_defined(over_repeats(trials, &Trial::covered));
    if (!std::isnan(covered)) {
        metrics.coverage = covered;
        metrics.gain_by_trust = gain_by_trust(trials);
    }
    return metrics;
}

void check(const Prior& prior, const std::vector<std::vector<float>>& rows, const RatingsTable& ratings,
           const PersonalEvaluationOptions& options) {
    if (rows.size() != ratings.images().size())
        throw Error(ErrorCode::bad_argument, "there are " + std::to_string(rows.size()) +
                                                 " feature rows and " +
                                                 std::to_string(ratings.images().size()) + " rated photos");
    if (options.learned_from.empty() || (options.methods.empty() && options.photo_methods.empty()) ||
        options.repeats < 1)
        throw Error(ErrorCode::bad_argument, "an evaluation needs a method, a k and a repeat");
    if (std::any_of(options.learned_from.begin(), options.learned_from.end(), [](int k) { return k < 0; }))
        throw Error(ErrorCode::bad_argument, "a person cannot give fewer than 0 ratings");
    for (const auto& row : rows) design_row(prior, row);
    if (!options.reference.empty() && options.reference.size() != rows.size())
        throw Error(ErrorCode::bad_argument, "there are " + std::to_string(options.reference.size()) +
                                                 " reference scores and " + std::to_string(rows.size()) +
                                                 " feature rows");
}

/// Every method, tried with every number of ratings on one person after the other.
class MethodTrials {
public:
    /// step: one step of the ratings' scale, on 0 to 1.
    MethodTrials(const Prior& prior, const PersonalEvaluationOptions& options, double step)
        : prior_(prior),
          options_(options),
          adapt_options_{.method = "", .start = options.start},
          step_(step),
          ks_(options.learned_from),
          names_(options.methods) {
        for (const std::string& name : options.methods) methods_.push_back(&find_learner(name));
        for (const PhotoMethod& method : options.photo_methods) names_.push_back(method.name);
        std::sort(ks_.begin(), ks_.end());
        trials_.resize(names_.size() * ks_.size());
    }

    const std::vector<const Learner*>& methods() const { return methods_; }
    std::size_t largest_k() const { return static_cast<std::size_t>(ks_.back()); }
    bool empty() const { return people_.empty(); }

    /// draws: the person's ratings in the orders in which they are given.
    void try_on(const Person& person, const std::vector<std::vector<Index>>& draws) {
        people_.push_back(person.name);
        for (Trials& one : trials_) one.emplace_back();
        for (const auto& order : draws)
            for (std::size_t i = 0; i < ks_.size(); ++i) try_once(person, order, i);
    }

    void summarise_in(PersonalEvaluation& evaluation) const {
        std::set<std::string> constant;
        for (std::size_t m = 0; m < names_.size(); ++m)
            for (std::size_t i = 0; i < ks_.size(); ++i) {
                const Trials& one = trials_[m * ks_.size() + i];
                evaluation.metrics.push_back(summarise(one, names_[m], ks_[i], options_.seed));
                const auto gains = over_repeats(one, &Trial::gain);
                for (std::size_t p = 0; p < gains.size(); ++p)
                    if (std::isnan(gains[p])) constant.insert(people_[p]);
            }
        evaluation.undefined.assign(constant.begin(), constant.end());
    }

private:
    void try_once(const Person& person, const std::vector<Index>& order, std::size_t i) {
        const auto k = static_cast<std::size_t>(ks_[i]);
        const std::vector<Index> seen(order.begin(), order.begin() + ks_[i]);
        const std::size_t from = options_.test == TestPhotos::fixed ? largest_k() : k;
        const std::vector<Index> held(order.begin() + static_cast<std::ptrdiff_t>(from), order.end());
        Observations observations{person.rows(seen, indexing::all), person.ratings(seen),
                                  MatrixXd(0, person.rows.cols()), VectorXd(0)};
        const MatrixXd test_rows = person.rows(held, indexing::all);
        const VectorXd given = person.ratings(held);
        const VectorXd reference = person.reference(held);
        for (std::size_t m = 0; m < methods_.size(); ++m) {
            const Learner& learner = k > 0 ? *methods_[m] : find_learner("generic");
            MatrixXd test_content;
            if (learner.content != nullptr) {
                observations.content = person.content.at(learner.content)(seen, indexing::all);
                test_content = person.content.at(learner.content)(held, indexing::all);
            }
            const PersonalPredictor predictor = learner.learn(prior_, observations, adapt_options_);
            trials_[m * ks_.size() + i].back().push_back(
                test(prior_, predictor, test_rows, test_content, given, reference, step_));
        }
        for (std::size_t m = 0; m < options_.photo_methods.size(); ++m)
            trials_[(methods_.size() + m) * ks_.size() + i].back().push_back(
                test(options_.photo_methods[m], person, seen, held, step_));
    }

    const Prior& prior_;
    const PersonalEvaluationOptions& options_;
    AdaptOptions adapt_options_;
    double step_;
    std::vector<int> ks_;
    std::vector<const Learner*> methods_;
    std::vector<std::string> names_;  ///< of the methods, then of those that look at photos
    std::vector<Trials> trials_;      ///< method by method, k by k
    std::vector<std::string> people_;
};

}  // namespace

PersonalEvaluation evaluate_personal(const Prior& prior, const std::vector<std::vector<float>>& rows,
                                     const RatingsTable& ratings, const PersonalEvaluationOptions& options) {
    check(prior, rows, ratings, options);
    MethodTrials trials(prior, options, 1 / (ratings.scale().high - ratings.scale().low));
    const std::size_t largest = trials.largest_k();
    PersonalEvaluation evaluation;
    std::mt19937_64 random(options.seed);
    auto people = people_of(prior, rows, ratings, options.reference, trials.methods());
    keep_sample(people, options.most_raters, options.seed);
    double done = 0;
    for (const Person& person : people) {
        if (options.progress && !options.progress(done++ / static_cast<double>(people.size())))
            throw Error(ErrorCode::cancelled, "evaluation was cancelled");
        std::vector<std::vector<Index>> draws;
        for (int repeat = 0; repeat < options.repeats; ++repeat)
            draws.push_back(shuffled(person.ratings.size(), random));
        if (options.asked == AskedPhotos::chosen)
            for (auto& order : draws) order_by_variance_reduction(prior, person, order, largest);
        if (static_cast<std::size_t>(person.ratings.size()) < largest + fewest_test_photos)
            evaluation.too_few.push_back(person.name);
        else
            trials.try_on(person, draws);
    }
    if (trials.empty())
        throw Error(ErrorCode::bad_data, "nobody has the " + std::to_string(largest + fewest_test_photos) +
                                             " ratings it takes to learn from " + std::to_string(largest) +
                                             " and test on the rest");
    trials.summarise_in(evaluation);
    return evaluation;
}

}  // namespace piaa
