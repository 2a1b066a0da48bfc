#include "crop/faces/face_module.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <piaa/export.h>

namespace piaa {
namespace {

/// The detector's cost goes with the pixels it looks at, and most of it with the smallest faces it looks for:
/// a third less from a sixteenth of the longer side on than from a twentieth, where its window ends.
constexpr int longest_side = 400;
constexpr int smallest_share = 16;
constexpr int window = 20;  // of the cascade
constexpr double scale_step = 1.2;
/// A box that must be kept costs more when it is wrong than a face that is missed: ask for several votes.
constexpr int votes = 4;

class CascadeFinder : public FaceFinder {
public:
    std::vector<Face> find(const Image& picture) const override {
        const cv::Mat colour(picture.height(), picture.width(), CV_8UC3,
                             const_cast<std::uint8_t*>(picture.pixels().data()));
        cv::Mat grey;
        cv::cvtColor(colour, grey, cv::COLOR_RGB2GRAY);
        const double shrink =
            std::min(1.0, static_cast<double>(longest_side) / std::max(grey.cols, grey.rows));
        if (shrink * std::min(grey.cols, grey.rows) < window) return {};
        if (shrink < 1) cv::resize(grey, grey, {}, shrink, shrink, cv::INTER_AREA);
        cv::equalizeHist(grey, grey);
        const int smallest = std::max(window, std::max(grey.cols, grey.rows) / smallest_share);
        std::vector<cv::Rect> found;
        auto cascade = borrow();
        cascade->detectMultiScale(grey, found, scale_step, votes, 0, {smallest, smallest});
        give_back(std::move(cascade));
        std::vector<Face> faces;
        const auto in_picture = [shrink](int length) {
            return static_cast<int>(std::lround(length / shrink));
        };
        for (const cv::Rect& box : found)
            faces.push_back({in_picture(box.x), in_picture(box.y), in_picture(box.width)});
        return faces;
    }

private:
    using Cascade = std::unique_ptr<cv::CascadeClassifier>;

    /// A cascade keeps its working memory, so each thread needs one at a time.
    Cascade borrow() const {
        {
            const std::lock_guard lock(mutex_);
            if (!free_.empty()) {
                Cascade cascade = std::move(free_.back());
                free_.pop_back();
                return cascade;
            }
        }
        cv::setNumThreads(1);
        auto cascade = std::make_unique<cv::CascadeClassifier>();
        if (!cascade->load(PIAA_FACE_CASCADE))
            throw std::runtime_error(PIAA_FACE_CASCADE " cannot be read; Debian's opencv-data brings it");
        return cascade;
    }

    void give_back(Cascade cascade) const {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(cascade));
    }

    mutable std::mutex mutex_;
    mutable std::vector<Cascade> free_;
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::FaceFinder* piaa_face_finder() {
    static const piaa::CascadeFinder finder;
    return &finder;
}
