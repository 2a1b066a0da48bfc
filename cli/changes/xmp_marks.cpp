#include "changes/xmp_marks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "metadata/photo_marks.h"
#include "metadata/xmp_sidecar.h"

namespace piaa::cli {
namespace {

constexpr const char* label_key = "Xmp.xmp.Label";
constexpr const char* colour_key = "Xmp.digiKam.ColorLabel";
constexpr const char* pick_key = "Xmp.digiKam.PickLabel";
constexpr const char* subject_key = "Xmp.dc.subject";
constexpr const char* our_label_key = "Xmp.piaa.Label";
constexpr const char* our_pick_key = "Xmp.piaa.Pick";
// The keyword by score and the one by choice have nothing to do with each other.
constexpr const char* our_keyword_key = "Xmp.piaa.Keyword";
constexpr const char* our_choice_key = "Xmp.piaa.Choice";
constexpr const char* rejected = "1";
constexpr const char* accepted = "3";

bool holds(const XmpSidecar& xmp, const char* key, const std::optional<std::string>& value) {
    return value && xmp.text(key) == value;
}

/// Notes that a mark of ours is gone: for good where somebody changed it, so that none comes back.
void give_up(XmpSidecar& xmp, const char* note, bool changed) {
    if (changed)
        xmp.set(note, changed_by_hand);
    else
        xmp.remove(note);
}

void set_label(XmpSidecar& xmp, const std::optional<std::string>& label) {
    const auto ours = xmp.text(our_label_key);
    const auto our_colour = ours ? digikam_colour(*ours) : std::nullopt;
    if (ours && !label)
        give_up(xmp, our_label_key, !is_label_of_ours(*ours, xmp.text(label_key), xmp.text(colour_key)));
    // Where one half was changed, the other would contradict it.
    if (holds(xmp, label_key, ours)) xmp.remove(label_key);
    if (holds(xmp, colour_key, our_colour)) xmp.remove(colour_key);
    if (!label) return;
    xmp.set(label_key, *label);
    xmp.set(our_label_key, *label);
    if (const auto colour = digikam_colour(*label)) xmp.set(colour_key, *colour);
}

void set_flag(XmpSidecar& xmp, const std::optional<std::string>& flag) {
    const auto ours = xmp.text(our_pick_key);
    if (flag) {
        xmp.set(pick_key, *flag);
        xmp.set(our_pick_key, *flag);
    } else if (ours) {
        const bool unchanged = holds(xmp, pick_key, ours);
        if (unchanged) xmp.remove(pick_key);
        give_up(xmp, our_pick_key, !unchanged);
    }
}

/// digiKam and Lightroom read only their own lists where these are there.
constexpr std::array<std::pair<const char*, const char*>, 3> keyword_lists = {
    {{subject_key, "dc"}, {"Xmp.digiKam.TagsList", "digiKam"}, {"Xmp.lr.hierarchicalSubject", "lr"}}};

bool has_keyword(const XmpSidecar& xmp, const std::string& keyword) {
    return std::any_of(keyword_lists.begin(), keyword_lists.end(),
                       [&](const auto& list) { return xmp.has_item(list.first, keyword); });
}

/// Among the keywords of others, which stay. One that was there before is not ours, and one of ours that
/// somebody took away stays away, as do others of its kind. Returns the keyword that is ours afterwards.
std::optional<std::string> set_keyword(XmpSidecar& xmp, const char* mark, const std::string& kind,
                                       std::optional<std::string> keyword) {
    const auto ours = xmp.text(mark);
    if (ours && ours->starts_with(kind) && !has_keyword(xmp, *ours)) return std::nullopt;
    if (ours == keyword) return keyword;
    if (keyword && has_keyword(xmp, *keyword)) keyword.reset();
    if (!ours && !keyword) return std::nullopt;
    for (const auto& [key, prefix] : keyword_lists) {
        if (!xmp.text(key) && (key != subject_key || !keyword)) continue;
        std::vector<std::string> items;
        if (keyword) items.push_back("<rdf:li>" + *keyword + "</rdf:li>");
        xmp.set_items(key, prefix, ">" + ours.value_or(keyword.value_or("")) + "<", items);
    }
    if (keyword)
        xmp.set(mark, *keyword);
    else
        xmp.remove(mark);
    return keyword;
}

Verdict verdict_of(const ScoreMarks& marks, double score) {
    Verdict verdict;
    double highest = 0;
    for (const LabelRule& rule : marks.labels)
        if (score >= rule.from && rule.from > highest) {
            highest = rule.from;
            verdict.label = rule.label;
        }
    if (!marks.keyword.empty())
        verdict.keyword = marks.keyword + std::to_string(static_cast<int>(std::floor(score)));
    verdict.rejected = marks.reject_below && score < *marks.reject_below;
    verdict.accepted = !verdict.rejected && marks.accept_from && score >= *marks.accept_from;
    return verdict;
}

Verdict verdict_of(const PickMarks& marks, bool chosen) {
    Verdict verdict;
    if (chosen && !marks.label.empty()) verdict.label = marks.label;
    if (chosen && !marks.keyword.empty()) verdict.keyword = marks.keyword;
    verdict.accepted = chosen && marks.accept;
    verdict.rejected = !chosen && marks.reject;
    return verdict;
}

}  // namespace

Verdict XmpMarks::verdict(const nlohmann::ordered_json& record) const {
    if (!record.contains("stars") || record["stars"].is_null()) return {};
    if (record.contains("pick")) return verdict_of(by_pick, record["pick"].get<bool>());
    return verdict_of(by_score, record.at("score").get<double>());
}

std::string set_marks(XmpSidecar& xmp, const XmpMarks& marks, const Verdict& verdict,
                      const PhotoMarks& by_hand) {
    std::string words;
    const bool unknown = by_hand.unread.has_value();
    if (marks.labels()) {
        const auto label = by_hand.labelled || unknown ? std::nullopt : verdict.label;
        set_label(xmp, label);
        if (label) words += ", label " + *label;
    }
    if (marks.keywords()) {
        const bool by_score = marks.by_pick.keyword.empty();
        const auto keyword =
            set_keyword(xmp, by_score ? our_keyword_key : our_choice_key,
                        by_score ? marks.by_score.keyword : marks.by_pick.keyword, verdict.keyword);
        if (keyword) words += ", keyword " + *keyword;
    }
    if (marks.flags()) {
        std::optional<std::string> flag;
        if (verdict.accepted) flag = accepted;
        if (verdict.rejected) flag = rejected;
        if (by_hand.picked || unknown) flag.reset();
        set_flag(xmp, flag);
        if (flag) words += verdict.rejected ? ", rejected" : ", accepted";
    }
    return words;
}

bool is_rejected_by_us(const XmpSidecar& xmp) {
    return holds(xmp, pick_key, rejected) && xmp.text(our_pick_key) == rejected &&
           holds(xmp, "Xmp.xmp.Rating", "-1") && xmp.text("Xmp.piaa.Rating") == "-1";
}

}  // namespace piaa::cli
