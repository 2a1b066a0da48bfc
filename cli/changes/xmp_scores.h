#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "changes/photo_action.h"
#include "changes/undo_log.h"
#include "changes/xmp_marks.h"
#include "metadata/photo_marks.h"

namespace piaa::cli {

class XmpSidecar;

struct XmpScoreOptions {
    bool write = false;
    bool overwrite_rating = false;              ///< also where somebody gave stars already
    bool into_originals = false;                ///< into the photo itself where it is a JPEG or PNG
    std::optional<int> ignored = std::nullopt;  ///< as many stars are nobody's opinion and give way
    XmpMarks marks = {};                        ///< what people filter by, beside stars
    bool keep_scores = false;                   ///< of an earlier run, and its stars
    bool dry_run = false;                       ///< only say what would be written
};

/// Writes scores, and the choice of `pick`, into the sidecars of photos, for other programs to show and sort
/// by; into a photo only when asked, and then all of its bytes but those of its XMP stay.
///
/// The sidecars that are there are used, all of them where there are two (beach.NEF.xmp for darktable and
/// digiKam, beach.xmp for Lightroom), so that they cannot contradict each other; else beach.jpg.xmp is made.
/// It gets, in the namespace "piaa": Score, Spread, Stars, Flags, Generic and Trust for a personal score,
/// Model, ModelHash, ProfileHash, Version; and the stars as xmp:Rating where there is no rating yet, in the
/// sidecar or in the photo. piaa:Rating says which rating came from here, so that it is not taken for a
/// person's; it is brought up to date as long as nobody changed it. A 0 that was there before stays as
/// piaa:RatingBefore, because it may take back a rating inside the photo. So are labels and flags, by
/// piaa:Label and piaa:Pick, and our keywords, by piaa:Keyword and piaa:Choice. Taking away is a change too,
/// after which piaa:Rating, piaa:Label or piaa:Pick says changed_by_hand. A rejection of ours, rating and
/// flag, stays whole unless a run asks about flags.
class XmpScores : public PhotoAction {
public:
    /// log: must outlive this object. err: for the lines of a dry run.
    XmpScores(const XmpScoreOptions& options, UndoLog& log, std::ostream& err);

    void take(const nlohmann::ordered_json& record) override;
    void finish(std::ostream& err, bool quiet) override;

private:
    /// What is said of a photo before it is changed.
    struct Found {
        bool rated = false;       ///< by a person; or may be: what holds a rating there cannot be read
        bool unread = false;      ///< it is the latter
        bool taken_back = false;  ///< not rated, because somebody took away stars of ours
        PhotoMarks marks;         ///< of people
        bool rejected = false;    ///< by an earlier run, rating and flag
        bool scored = false;      ///< by an earlier run
        std::optional<std::string> stars;  ///< that it gave
    };
    /// What change() put in: the rating, "" for none, and the rest in words.
    struct Put {
        std::string rating, marks;
    };

    std::vector<boost::filesystem::path> sidecars_for(const boost::filesystem::path& photo);
    void take_beside(const boost::filesystem::path& photo, const nlohmann::ordered_json& record);
    bool take_inside(const boost::filesystem::path& photo, const nlohmann::ordered_json& record);
    Found find(const boost::filesystem::path& photo, const std::vector<XmpSidecar>& all);
    Put change(XmpSidecar& xmp, const nlohmann::ordered_json& record, const Found& found) const;
    void tell(const XmpSidecar& xmp, const nlohmann::ordered_json& record, const Put& put);
    void count(const Found& found, const Put& put, bool changed);

    XmpScoreOptions options_;
    UndoLog& log_;
    std::ostream& err_;
    std::map<std::string, std::string> owners_;      ///< of sidecars met in this run: the photo, by sidecar
    std::map<std::string, std::size_t> not_inside_;  ///< photos, by why their XMP is not to be changed
    std::size_t written_ = 0, new_ = 0, inside_ = 0, same_ = 0;       ///< files
    std::size_t rated_ = 0, kept_ = 0, unread_ = 0, taken_back_ = 0;  ///< photos
    std::size_t marked_ = 0, marks_kept_ = 0;
    std::size_t default_stars_ = 0;  ///< ratings that darktable gives by itself
};

}  // namespace piaa::cli
