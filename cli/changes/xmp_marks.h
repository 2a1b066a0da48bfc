#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

class XmpSidecar;
struct PhotoMarks;

/// A colour label for scores from here on.
struct LabelRule {
    std::string label;
    double from = 0;
};

/// The marks of one photo.
struct Verdict {
    std::optional<std::string> label, keyword;
    bool accepted = false, rejected = false;  ///< not both; a rejected photo gets the rating -1 too
};

/// What `score --xmp` sets for people to filter by, beside stars: by the score.
struct ScoreMarks {
    std::vector<LabelRule> labels;  ///< the one with the highest score that holds counts
    std::string keyword;            ///< piaa: for keywords piaa:1 to piaa:10; empty for none
    std::optional<double> accept_from = std::nullopt;   ///< digiKam's flag "accepted"
    std::optional<double> reject_below = std::nullopt;  ///< its flag "rejected"
};

/// What `pick --xmp` sets: by the choice among the photos of one moment.
struct PickMarks {
    std::string label, keyword;  ///< of the chosen photos; empty for none
    bool accept = false;         ///< flags these as accepted
    bool reject = false;         ///< flags the others as rejected
};

/// Which marks a run sets, and which ones a photo gets.
struct XmpMarks {
    ScoreMarks by_score = {};
    PickMarks by_pick = {};

    bool labels() const { return !by_score.labels.empty() || !by_pick.label.empty(); }
    bool keywords() const { return !by_score.keyword.empty() || !by_pick.keyword.empty(); }
    bool flags() const {
        return by_score.accept_from || by_score.reject_below || by_pick.accept || by_pick.reject;
    }
    /// Whether some are asked for that people set too.
    bool people_set_them() const { return labels() || flags(); }
    bool any() const { return people_set_them() || keywords(); }
    /// record: as `score` tells it, or with a boolean "pick". None for a picture that is not judged as a
    /// photo.
    Verdict verdict(const nlohmann::ordered_json& record) const;
};

/// Sets the marks of a photo, and takes away those that an earlier run gave it and nobody changed; what
/// somebody set stays, and what somebody took away stays away. Returns what was set, in words, "" for
/// nothing.
std::string set_marks(XmpSidecar& xmp, const XmpMarks& marks, const Verdict& verdict,
                      const PhotoMarks& by_hand);

/// Whether an earlier run rejected the photo, and nobody changed the flag or the rating.
bool is_rejected_by_us(const XmpSidecar& xmp);

}  // namespace piaa::cli
