#include "crop/lines/line_module.h"

#include <opencv2/imgproc.hpp>

#include <piaa/export.h>

namespace piaa {
namespace {

class LsdFinder : public LineFinder {
public:
    std::vector<LineSegment> find(const Image& picture) const override {
        const cv::Mat colour(picture.height(), picture.width(), CV_8UC3,
                             const_cast<std::uint8_t*>(picture.pixels().data()));
        cv::Mat grey;
        cv::cvtColor(colour, grey, cv::COLOR_RGB2GRAY);
        std::vector<cv::Vec4f> lines;
        cv::createLineSegmentDetector(cv::LSD_REFINE_STD)->detect(grey, lines);
        std::vector<LineSegment> segments;
        for (const cv::Vec4f& line : lines) segments.push_back({{line[0], line[1]}, {line[2], line[3]}});
        return segments;
    }
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::LineFinder* piaa_line_finder() {
    static const piaa::LsdFinder finder = [] {
        cv::setNumThreads(1);  // callers run one worker per core
        return piaa::LsdFinder();
    }();
    return &finder;
}
