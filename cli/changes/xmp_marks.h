#pragma once

#include <optional>
#include <string>
#include <vector>

namespace piaa::cli {

class XmpSidecar;
struct PhotoMarks;

/// A colour label for scores from here on.
struct LabelRule {
    std::string label;
    double from = 0;
};

/// What `score --xmp` sets for people to filter by, beside stars.
struct XmpMarks {
    std::vector<LabelRule> labels;  ///< the first that holds counts
    std::string keyword;            ///< piaa: for keywords piaa:1 to piaa:10; empty for none
    std::optional<double> accept_from = std::nullopt;   ///< digiKam's flag "accepted"
    std::optional<double> reject_below = std::nullopt;  ///< its flag "rejected", and the rating -1

    /// Whether some are asked for that people set too.
    bool people_set_them() const { return !labels.empty() || accept_from || reject_below; }
    bool any() const { return people_set_them() || !keyword.empty(); }
    bool rejects(double score) const { return reject_below && score < *reject_below; }
};

/// Sets the marks of a score, and takes away those that an earlier score got and nobody changed; what
/// somebody set stays. score: nothing for a picture that is not judged as a photo. may_reject: nobody rated
/// the photo. Returns what was set, in words, "" for nothing.
std::string set_marks(XmpSidecar& xmp, const XmpMarks& marks, std::optional<double> score,
                      const PhotoMarks& by_hand, bool may_reject);

}  // namespace piaa::cli
