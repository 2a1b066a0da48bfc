#include <algorithm>
#include <cmath>
#include <optional>

#include <piaa/crop.h>
#include <piaa/error.h>

#include "crop/candidate.h"
#include "crop/crop_consensus.h"
#include "crop/crop_constraints.h"
#include "crop/crop_reasons.h"
#include "crop/photo_maps.h"
#include "crop/second_look.h"
#include "io/words.h"
#include "model/region_pooling.h"

namespace piaa {
namespace {

constexpr std::size_t reranked = 160;        // candidates that a person's taste is asked about
constexpr double nms_threshold = 0.92;       // overlap
constexpr double taste_share = 0.5;          // of the order; the rest is framing
constexpr double calm_weight = 0.3;          // of the room for text, beside framing
constexpr double calm_enough = 0.65;         // below, the room for text is a violation
constexpr double under_text = 0.5;           // places of the subject's core that text may lie on
constexpr double whole_frame = 0.99;         // kept share from which a crop is no proper crop
constexpr int refinements = 24;              // steps uphill at most
constexpr std::size_t candidate_pool = 300;  // candidates that could be the one people mean
constexpr double subject_meant = 0.15;       // chance that the subject with some room is the crop people mean
constexpr double looks_overlap = 0.9;        // crops that are looked at again overlap less
constexpr double most_of_subject = 0.75;     // below, a part of it lies outside
constexpr double border_weight = 0.05;       // of what a free crop's borders run through
constexpr double softmax_temperature =
    0.02;  // difference of framing at which one is e times less likely meant

constexpr double places = crop_grid * crop_grid;

/// How many crops are looked for, and how much they may overlap.
struct Wanted {
    std::size_t count;
    double most_overlap;
};

/// The search over one photo for one kind of crop.
class Search {
public:
    Search(const PhotoMaps& maps, const Features& features, const CropOptions& options)
        : features_(features), options_(options), maps_(maps), constraints_(options, features.photo) {}

    CropResult run() {
        std::vector<Candidate> candidates = proper_crops();
        if (options_.taste) mix_taste(candidates);
        const std::span<Candidate> all(candidates);
        const std::span<Candidate> likely = all.first(std::min(all.size(), candidate_pool));
        weigh(likely, chosen_from_);
        const auto rest = all.subspan(likely.size());  // where the likely ones differ too little
        const Wanted wanted{options_.count, options_.most_overlap};
        std::vector<Candidate> chosen;
        std::optional<Candidate> framed;  // the best by framing, where others come first
        if (options_.judge && options_.looks > 1 && features_.picture) {
            std::vector<Candidate> seen;
            choose(likely, seen, {options_.looks, looks_overlap});
            choose(rest, seen, {options_.looks, looks_overlap});
            framed = seen.front();
            order_by_pleasure(seen);
            for (const Candidate& candidate : seen)
                if (chosen.size() < wanted.count && differs(candidate, chosen, wanted.most_overlap))
                    chosen.push_back(candidate);
        }
        const auto pleasing = static_cast<std::ptrdiff_t>(chosen.size());
        choose(likely, chosen, wanted);
        choose(rest, chosen, wanted);
        const auto held = static_cast<std::ptrdiff_t>(chosen.size());
        choose(spare_, chosen, wanted);  // after all that hold the subject, where fewer than asked for differ

        CropResult result;
        result.focal_point = maps_.focus;
        result.leave_it = leaves_it(framed ? *framed : chosen.front());
        restate_scores(chosen, pleasing, held);
        const double full = score_of_whole(meant_);
        for (const Candidate& candidate : chosen) result.crops.push_back(described(candidate, full));
        return result;
    }

    double framing(const Box& crop) const { return agreement(maps_.keep, crop); }

private:
    /// How much of the subject a free crop's borders run through, as a length in sides of the photo, whose
    /// own borders cost nothing; 0 for a given aspect, whose crops have hardly another place to go.
    double crossed_by(const Box& crop) const {
        if (constraints_.space().aspect) return 0;
        constexpr double line = 1.0 / crop_grid;
        double along = 0;
        const auto add = [&](const Box& border) { along += maps_.subject_strength.sum(border) / line; };
        if (crop.x > line) add({crop.x - line / 2, crop.y, line, crop.height});
        if (crop.y > line) add({crop.x, crop.y - line / 2, crop.width, line});
        if (crop.right() < 1 - line) add({crop.right() - line / 2, crop.y, line, crop.height});
        if (crop.bottom() < 1 - line) add({crop.x, crop.bottom() - line / 2, crop.width, line});
        return along;
    }

    static double score_of(const Candidate& candidate, const CropConsensus& meant) {
        return meant.expected_overlap(candidate.box) - border_weight * candidate.crossed;
    }

    /// Left whole, a photo may still be trimmed blindly by whoever uses it.
    double score_of_whole(const CropConsensus& meant) const {
        return std::max(meant.expected_overlap({}), meant.expected_overlap(maps_.head.middle()));
    }

    /// Of 1, whatever the grid.
    double subject_inside(const Box& box) const { return maps_.to_hold[asked_].map.sum(box) * places; }

    double held_by(const Box& crop) const {
        double held = subject_inside(crop);
        for (const Box& blank : options_.blank) held -= subject_inside(part_of(crop, blank));
        return held;
    }

    Candidate rated(const Box& crop) const {
        Candidate candidate;
        candidate.pixels = constraints_.in_pixels(crop);
        candidate.box = normalized(candidate.pixels, features_.photo);
        candidate.breach = constraints_.check(candidate.pixels);
        candidate.crossed = crossed_by(candidate.box);
        candidate.objective = framing(candidate.box) - border_weight * candidate.crossed;
        candidate.held = held_by(candidate.box);
        for (const Box& blank : options_.blank) {
            const Box text = part_of(candidate.box, blank);
            candidate.clear = candidate.clear && maps_.subject_core.sum(text) * places <= under_text;
            const double calm = maps_.text->calmness(text);
            candidate.objective += calm_weight * (calm - 1) / static_cast<double>(options_.blank.size());
            candidate.calm = candidate.calm && calm >= calm_enough;
        }
        return candidate;
    }

    /// All candidates but the whole frame that break least, best objective first; only the whole frame where
    /// every other breaks more. Of those only the ones that hold the subject, and of these the ones with room
    /// for text, where there are such.
    std::vector<Candidate> proper_crops() {
        std::vector<Candidate> proper;
        // Of a given aspect it is among the candidates if it fits.
        std::optional<Candidate> whole;
        if (!constraints_.space().aspect) whole = rated({});
        for (const Box& crop : crop_candidates(constraints_.space())) {
            Candidate candidate = rated(crop);
            if (candidate.box.area() < whole_frame)
                proper.push_back(candidate);
            else if (!whole || candidate.breach.severity() < whole->breach.severity())
                whole = candidate;
        }
        std::sort(proper.begin(), proper.end(), comes_first<&Candidate::objective>);
        if (proper.empty() || (whole && whole->breach.severity() < proper.front().breach.severity()))
            proper = {*whole};
        const double least = proper.front().breach.severity() + 1e-9;
        std::erase_if(proper, [&](const Candidate& crop) { return crop.breach.severity() > least; });
        weigh(std::span(proper).first(std::min(proper.size(), candidate_pool)), meant_);
        keep_subject(proper);
        const bool clear = proper.front().clear, calm = proper.front().calm;
        std::erase_if(proper,
                      [&](const Candidate& crop) { return crop.clear != clear || crop.calm != calm; });
        return proper;
    }

    /// Only crops that hold about as much of the subject as any: neither framing nor taste nor calm room for
    /// text may choose one that cuts it. Where a format cannot hold all that is asked, less is asked.
    void keep_subject(std::vector<Candidate>& candidates) {
        const auto most_held = [&] {
            double most = 0;
            for (const Candidate& crop : candidates) most = std::max(most, crop.held);
            return most;
        };
        const bool any_shape = !constraints_.space().aspect;
        double most = most_held();
        const auto holds_enough = [&] {
            return any_shape || most >= maps_.to_hold[asked_].enough * subject_inside({});
        };
        while (!holds_enough() && asked_ + 1 < maps_.to_hold.size()) {
            ++asked_;
            for (Candidate& crop : candidates) crop.held = held_by(crop.box);
            most = most_held();
        }
        fits_ = maps_.to_hold[asked_].whole && holds_enough();
        const double of_free = options_.judge ? maps_.slack.free_to_taste : maps_.slack.free;
        least_held_ = most * (1 - (any_shape ? of_free : maps_.slack.of_aspect)) - 1e-9;
        const auto holds = [&](const Candidate& crop) { return crop.held >= least_held_; };
        const auto rest = std::stable_partition(candidates.begin(), candidates.end(), holds);
        spare_.assign(rest, candidates.end());
        candidates.erase(rest, candidates.end());
    }

    /// Of candidates that are nearly the same only the best stays, and of the rest the best ones: taste needs
    /// a choice.
    static void suppress_non_maxima(std::vector<Candidate>& candidates) {
        std::vector<Candidate> kept;
        for (const Candidate& candidate : candidates) {
            if (kept.size() == reranked) break;
            if (std::none_of(kept.begin(), kept.end(), [&](const Candidate& other) {
                    return overlap(candidate.box, other.box) > nms_threshold;
                }))
                kept.push_back(candidate);
        }
        candidates = std::move(kept);
    }

    /// Reorders the best candidates by framing and taste together, each counted in its own deviations, since
    /// their scales have nothing to do with each other.
    void mix_taste(std::vector<Candidate>& candidates) const {
        suppress_non_maxima(candidates);
        std::vector<double> taste;
        double sum = 0, square = 0, taste_sum = 0, taste_square = 0;
        for (const Candidate& candidate : candidates) {
            taste.push_back(options_.taste(pooled_region(maps_.model, features_, candidate.box)));
            sum += candidate.objective;
            square += candidate.objective * candidate.objective;
            taste_sum += taste.back();
            taste_square += taste.back() * taste.back();
        }
        const auto count = static_cast<double>(candidates.size());
        const double deviation = std::sqrt(std::max(0.0, square / count - sum * sum / count / count));
        const double taste_deviation =
            std::sqrt(std::max(0.0, taste_square / count - taste_sum * taste_sum / count / count));
        if (taste_deviation < 1e-9) return;
        const double scale = taste_share / (1 - taste_share) * deviation / taste_deviation;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            candidates[i].objective += scale * (taste[i] - taste_sum / count);
        std::sort(candidates.begin(), candidates.end(), comes_first<&Candidate::objective>);
    }

    /// Which crops could be meant, and how likely each is. The best of many noisy numbers is too good to be
    /// true; the crop that overlaps most with all the good ones is not.
    void weigh(std::span<const Candidate> likely, CropConsensus& consensus) const {
        double total = 0;
        for (const Candidate& candidate : likely) {
            const double weight =
                std::exp((candidate.objective - likely.front().objective) / softmax_temperature);
            consensus.add(candidate.box, weight);
            total += weight;
        }
        // Some people frame the subject alone, which a format seldom allows.
        if (!constraints_.space().aspect && maps_.subject_box)
            consensus.add(*maps_.subject_box, subject_meant / (1 - subject_meant) * total);
    }

    /// Of these crops, which frame about as well, the person likes some better.
    void order_by_pleasure(std::vector<Candidate>& candidates) const {
        std::vector<Box> parts;
        for (const Candidate& candidate : candidates) parts.push_back(candidate.box);
        const std::vector<double> said = look_again(maps_.model, *features_.picture, parts, options_.judge);
        for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].pleasure = said[i];
        std::stable_sort(candidates.begin(), candidates.end(), comes_first<&Candidate::pleasure>);
    }

    /// Adds the best of `candidates` that differ from each other and from those chosen before.
    void choose(std::span<Candidate> candidates, std::vector<Candidate>& chosen, const Wanted& wanted) const {
        if (chosen.size() == wanted.count) return;
        for (Candidate& candidate : candidates) candidate.score = score_of(candidate, chosen_from_);
        std::stable_sort(candidates.begin(), candidates.end(), comes_first<&Candidate::score>);
        for (const Candidate& candidate : candidates) {
            if (chosen.size() == wanted.count) break;
            if (!differs(candidate, chosen, wanted.most_overlap)) continue;
            const Candidate better = refined(candidate);
            chosen.push_back(differs(better, chosen, wanted.most_overlap) ? better : candidate);
        }
    }

    /// Uphill in steps that become smaller, breaking nothing more.
    Candidate refined(Candidate best) const {
        double step = 1.0 / 32;
        for (int i = 0; i < refinements && step > 1.0 / 256; ++i) {
            Candidate next = best;
            for (const Box& crop : crop_neighbours(constraints_.space(), best.box, step)) {
                Candidate candidate = rated(crop);
                if (candidate.box.area() >= whole_frame || candidate.held < least_held_) continue;
                candidate.score = score_of(candidate, chosen_from_);
                if (comes_first<&Candidate::score>(candidate, next)) next = candidate;
            }
            if (next.score <= best.score + 1e-6) step /= 2;
            best = next;
        }
        return best;
    }

    /// What is said of the chosen crops: beside all that could be meant, and of those that do not hold the
    /// subject never more than of those that do. pleasing, held: how many come first for their pleasure, and
    /// how many hold it.
    void restate_scores(std::vector<Candidate>& chosen, std::ptrdiff_t pleasing, std::ptrdiff_t held) const {
        for (Candidate& candidate : chosen) candidate.score = score_of(candidate, meant_);
        const auto rest = chosen.begin() + held;
        std::stable_sort(chosen.begin() + pleasing, rest, comes_first<&Candidate::score>);
        const auto least = std::min_element(chosen.begin(), rest,
                                            [](const auto& a, const auto& b) { return a.score < b.score; });
        if (least != rest)
            for (auto crop = rest; crop != chosen.end(); ++crop)
                crop->score = std::min(crop->score, least->score);
        std::stable_sort(rest, chosen.end(), comes_first<&Candidate::score>);
    }

    static bool differs(const Candidate& candidate, const std::vector<Candidate>& chosen,
                        double most_overlap) {
        return std::none_of(chosen.begin(), chosen.end(), [&](const Candidate& other) {
            return overlap(candidate.box, other.box) >= most_overlap;
        });
    }

    CropCandidate described(const Candidate& candidate, double full) const {
        CropCandidate crop;
        crop.box = candidate.pixels;
        crop.score = candidate.score;
        crop.margin_over_full = candidate.score - full;
        crop.kept = candidate.box.area();
        Violations breach = candidate.breach;
        if (!candidate.calm || !candidate.clear) breach.add(Constraint::blank, 1);
        crop.violations = breach.violations();
        crop.reasons = crop_reasons(maps_.salient, maps_.subject, maps_.focus, candidate.box);
        if (const char* said = said_of_subject(candidate)) crop.reasons.insert(crop.reasons.begin(), said);
        if (!candidate.clear)
            crop.reasons.insert(crop.reasons.begin(), tr("the text would lie on what may be the subject"));
        for (const Box& blank : options_.blank) {
            crop.copy.push_back(maps_.text->measure(part_of(candidate.box, blank), options_.text_style));
            crop.copy.back().box = blank;
        }
        const auto unreadable = [&](const TextArea& area) {
            return area.contrast_on_scrim < options_.text_style.least_contrast;
        };
        if (std::any_of(crop.copy.begin(), crop.copy.end(), unreadable))
            crop.violations.emplace_back("contrast");
        return crop;
    }

    /// What a crop leaves out of the subject, in words; nothing where it holds it.
    const char* said_of_subject(const Candidate& crop) const {
        const double all = maps_.subject.sum({}) * places;
        const double held = maps_.subject.sum(crop.box) * places;
        const Point& middle = maps_.subject_middle;
        const bool middle_inside = crop.box.x < middle.x && middle.x < crop.box.right() &&
                                   crop.box.y < middle.y && middle.y < crop.box.bottom();
        if (!fits_ && middle_inside)
            return tr("what may be the subject does not fit whole, its middle is kept");
        return held < most_of_subject * all ? tr("a part of what may be the subject lies outside") : nullptr;
    }

    /// Another format than the photo's own is never answered by the whole frame.
    bool leaves_it(const Candidate& best) const {
        const Size photo = features_.photo;
        if (options_.aspect && std::abs(*options_.aspect * photo.height / photo.width - 1) > 0.01)
            return false;
        return best.box.area() >= whole_frame ||
               score_of(best, chosen_from_) - score_of_whole(chosen_from_) < maps_.head.leave_margin;
    }

    const Features& features_;
    const CropOptions& options_;
    const PhotoMaps& maps_;
    CropConstraints constraints_;
    CropConsensus chosen_from_;  ///< crops that hold the subject, to this person's taste
    CropConsensus meant_;    ///< any crop; of the few that some formats allow, each would overlap with all
    bool fits_ = true;       ///< some crop holds the subject
    std::size_t asked_ = 0;  ///< of `to_hold`
    double least_held_ = 0;  ///< by every crop but the spare ones
    std::vector<Candidate> spare_;
};

}  // namespace

CropResult find_crops(const Model& model, const Features& features, const CropOptions& options) {
    return find_crops(model, features, std::span(&options, 1)).front();
}

std::vector<CropResult> find_crops(const Model& model, const Features& features,
                                   std::span<const CropOptions> formats) {
    const PhotoMaps maps(model, features, std::any_of(formats.begin(), formats.end(), [](const auto& format) {
                             return !format.blank.empty();
                         }));
    std::vector<CropResult> results;
    for (const CropOptions& format : formats) results.push_back(Search(maps, features, format).run());
    return results;
}

std::vector<double> rate_crops(const Model& model, const Features& features, std::span<const Box> boxes) {
    const CropOptions options;
    const PhotoMaps maps(model, features, false);
    const Search search(maps, features, options);
    std::vector<double> ratings;
    for (const Box& box : boxes) ratings.push_back(search.framing(box));
    return ratings;
}

}  // namespace piaa
