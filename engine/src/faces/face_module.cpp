#include "face_module.h"

#include <mutex>
#include <stdexcept>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <piaa/export.h>

namespace piaa {
namespace {

class CascadeFinder : public FaceFinder {
public:
    std::vector<Face> find(const Image& picture) const override {
        const cv::Mat colour(picture.height(), picture.width(), CV_8UC3,
                             const_cast<std::uint8_t*>(picture.pixels().data()));
        cv::Mat grey;
        cv::cvtColor(colour, grey, cv::COLOR_RGB2GRAY);
        cv::equalizeHist(grey, grey);
        const int smallest = std::max(20, std::max(picture.width(), picture.height()) / 20);
        std::vector<cv::Rect> found;
        const std::lock_guard lock(mutex_);  // a cascade keeps its working memory
        if (cascade_.empty() && !cascade_.load(PIAA_FACE_CASCADE))
            throw std::runtime_error(PIAA_FACE_CASCADE " cannot be read; Debian's opencv-data brings it");
        cv::setNumThreads(1);
        // A box that must be kept costs more when it is wrong than a face that is missed: ask for many votes.
        cascade_.detectMultiScale(grey, found, 1.1, 8, 0, {smallest, smallest});
        std::vector<Face> faces;
        for (const cv::Rect& box : found) faces.push_back({box.x, box.y, box.width});
        return faces;
    }

private:
    mutable std::mutex mutex_;
    mutable cv::CascadeClassifier cascade_;
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::FaceFinder* piaa_face_finder() {
    static const piaa::CascadeFinder finder;
    return &finder;
}
