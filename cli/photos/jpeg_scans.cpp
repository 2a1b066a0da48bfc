#include "photos/jpeg_scans.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

constexpr int coefficients = 64, most_scans = 100;

/// What was sent so far of each coefficient of a plane: the bits that are still missing, -1 for all of them.
using Progress = std::array<std::int8_t, coefficients>;

int number(Bytes bytes, std::size_t at) {
    return std::to_integer<int>(bytes[at]);
}

int long_number(Bytes bytes, std::size_t at) {
    return number(bytes, at) << 8 | number(bytes, at + 1);
}

bool is_restart(int marker) {
    return marker >= 0xD0 && marker <= 0xD7;
}

/// Whether a segment changes nothing but what decoders know: tables, restart interval, comments, APPn.
bool is_kept_segment(int marker) {
    return marker == 0xC4 || marker == 0xCC || marker == 0xDB || marker == 0xDD || marker == 0xFE ||
           (marker >= 0xE0 && marker <= 0xEF);
}

/// libjpeg's rule: a plane of lower resolution is decoded from more of its coefficients rather than enlarged,
/// as long as the larger side divides evenly.
int block_side(const JpegPlane& plane, int most_across, int most_down) {
    int side = 1;
    while (side < 8 && most_across % (plane.across * side * 2) == 0 &&
           most_down % (plane.down * side * 2) == 0)
        side *= 2;
    return side;
}

constexpr std::array end_of_image = {std::byte{0xFF}, std::byte{0xD9}};

}  // namespace

/// The way along the markers of one file.
class ProgressiveReading::Walk {
public:
    enum class State { under_way, there, given_up };

    /// whole: whether these are all bytes of the file.
    void go_on(Bytes file, bool whole) {
        file_ = file;
        while (state_ == State::under_way && step(whole)) {
        }
    }

    State state() const { return state_; }
    const JpegEighth& result() const { return result_; }

private:
    /// One segment, or the data of a scan; false where it goes on behind what was read.
    bool step(bool whole) {
        if (in_data_) {
            if (!pass_over_data()) return false;
            in_data_ = false;
            if (!scan_is_needed_) kept_ = at_;
        }
        const std::size_t start = at_;
        const int marker = at_ == 0 ? first_marker() : next_marker();
        if (marker == 0xD8 && start == 0) return true;
        if (marker == 0xD9) {
            keep_up_to(at_);
            state_ = all_was_sent() ? State::there : State::given_up;
            return false;
        }
        const auto content = segment();
        if (!content) {
            at_ = start;
            return false;
        }
        if (!(marker == 0xDA ? read_scan(*content, start, whole) : read_table(marker, *content)))
            state_ = State::given_up;
        return true;
    }

    /// The file's first marker.
    int first_marker() {
        if (file_.size() < 2) return 0;
        at_ = 2;
        return long_number(file_, 0) == 0xFFD8 ? 0xD8 : 0;
    }

    bool read_table(int marker, Bytes content) {
        return marker == 0xC2 || marker == 0xCA ? read_frame(content) : is_kept_segment(marker);
    }

    /// The marker that starts here; 0 for none.
    int next_marker() {
        if (at_ + 1 >= file_.size() || number(file_, at_) != 0xFF) return 0;
        while (at_ < file_.size() && number(file_, at_) == 0xFF) ++at_;
        return at_ < file_.size() ? number(file_, at_++) : 0;
    }

    /// The content of the segment that starts here, which is passed over.
    std::optional<Bytes> segment() {
        if (at_ + 2 > file_.size()) return std::nullopt;
        const auto length = static_cast<std::size_t>(long_number(file_, at_));
        if (length < 2 || length > file_.size() - at_) return std::nullopt;
        const Bytes content = file_.subspan(at_ + 2, length - 2);
        at_ += length;
        return content;
    }

    bool read_frame(Bytes frame) {
        auto& planes = result_.planes;
        if (!planes.empty() || frame.size() < 6 || number(frame, 0) != 8) return false;
        result_.height = long_number(frame, 1);
        result_.width = long_number(frame, 3);
        const int count = number(frame, 5);
        if ((count != 1 && count != 3) || frame.size() != 6 + 3 * static_cast<std::size_t>(count) ||
            result_.height == 0 || result_.width == 0)
            return false;
        int most_across = 1, most_down = 1;
        for (std::size_t at = 6; at < frame.size(); at += 3) {
            JpegPlane plane{std::to_integer<std::uint8_t>(frame[at]), number(frame, at + 1) >> 4,
                            number(frame, at + 1) & 15};
            if (plane.across < 1 || plane.across > 4 || plane.down < 1 || plane.down > 4 || find(plane.id))
                return false;
            most_across = std::max(most_across, plane.across);
            most_down = std::max(most_down, plane.down);
            planes.push_back(plane);
        }
        for (JpegPlane& plane : planes) plane.block_side = block_side(plane, most_across, most_down);
        progress_.resize(planes.size());
        for (Progress& plane : progress_) plane.fill(-1);
        return true;
    }

    std::optional<std::size_t> find(std::uint8_t id) const {
        for (std::size_t i = 0; i < result_.planes.size(); ++i)
            if (result_.planes[i].id == id) return i;
        return std::nullopt;
    }

    /// A scan's header, whose marker is at `start`.
    bool read_scan(Bytes header, std::size_t start, bool whole) {
        const auto count = header.empty() ? 0 : static_cast<std::size_t>(number(header, 0));
        if (count < 1 || count > 4 || header.size() != 4 + 2 * count || ++scans_ > most_scans) return false;
        const int first = number(header, 1 + 2 * count), last = number(header, 2 + 2 * count),
                  before = number(header, 3 + 2 * count) >> 4, after = number(header, 3 + 2 * count) & 15;
        if (last >= coefficients || (first == 0 ? last != 0 : first > last || count != 1) || after > 13 ||
            (before != 0 && after != before - 1))
            return false;
        bool needed = first == 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto plane = find(std::to_integer<std::uint8_t>(header[1 + 2 * i]));
            if (!plane || (first > 0 && progress_[*plane][0] < 0)) return false;
            for (int k = first; k <= last; ++k) {
                auto& missing = progress_[*plane][static_cast<std::size_t>(k)];
                if (missing < 0 ? before != 0 : missing == 0 || before != missing) return false;
                missing = static_cast<std::int8_t>(after);
            }
            needed = needed || result_.planes[*plane].block_side > 1;
        }
        in_data_ = true;
        scan_is_needed_ = needed;
        if (needed) return true;
        keep_up_to(start);
        if (!whole && nothing_is_missing()) {
            result_.parts.push_back(end_of_image);
            state_ = State::there;
        }
        return true;
    }

    /// From within a scan's data to the marker behind it; false where that was not read yet.
    bool pass_over_data() {
        const auto* bytes = reinterpret_cast<const unsigned char*>(file_.data());
        const std::size_t end = file_.size();
        while (at_ < end) {
            const void* found = std::memchr(bytes + at_, 0xFF, end - at_);
            at_ = found == nullptr
                      ? end
                      : static_cast<std::size_t>(static_cast<const unsigned char*>(found) - bytes);
            if (at_ + 1 >= end) return false;
            const int follows = bytes[at_ + 1];
            if (follows == 0 || is_restart(follows))
                at_ += 2;
            else if (follows == 0xFF)
                ++at_;
            else
                return true;
        }
        return false;
    }

    void keep_up_to(std::size_t end) {
        if (end > kept_) result_.parts.push_back(file_.subspan(kept_, end - kept_));
    }

    /// A decoder guesses the first coefficients of a block from its neighbours where the file leaves any of
    /// their bits out.
    bool all_was_sent() const {
        constexpr auto guessed = 10;
        return !progress_.empty() &&
               std::all_of(progress_.begin(), progress_.end(), [](const Progress& plane) {
                   return std::all_of(plane.begin(), plane.begin() + guessed,
                                      [](int bits) { return bits == 0; });
               });
    }

    /// Whether there is nothing left that a scan could send.
    bool nothing_is_missing() const {
        return std::all_of(progress_.begin(), progress_.end(), [](const Progress& plane) {
            return std::all_of(plane.begin(), plane.end(), [](int bits) { return bits == 0; });
        });
    }

    Bytes file_;
    State state_ = State::under_way;
    JpegEighth result_;
    std::vector<Progress> progress_;
    std::size_t at_ = 0;
    std::size_t kept_ = 0;  ///< up to where the file is in the result, or left out
    bool in_data_ = false, scan_is_needed_ = false;
    int scans_ = 0;
};

ProgressiveReading::ProgressiveReading() : walk_(std::make_unique<Walk>()) {}
ProgressiveReading::~ProgressiveReading() = default;

void ProgressiveReading::go_on(Bytes start) {
    walk_->go_on(start, false);
}

int ProgressiveReading::width() const {
    return walk_->result().width;
}

int ProgressiveReading::height() const {
    return walk_->result().height;
}

bool ProgressiveReading::gave_up() const {
    return walk_->state() == Walk::State::given_up;
}

std::optional<JpegEighth> ProgressiveReading::eighth() const {
    return walk_->state() == Walk::State::there ? std::optional(walk_->result()) : std::nullopt;
}

std::optional<JpegEighth> eighth_of_progressive(Bytes file) {
    ProgressiveReading::Walk walk;
    walk.go_on(file, true);
    return walk.state() == ProgressiveReading::Walk::State::there ? std::optional(walk.result())
                                                                  : std::nullopt;
}

}  // namespace piaa::cli
